/** Real weeks of Louisville: a storm is drift without decay, the new timetables of April are decay, and the alarm needs no label. */
import { beforeAll, expect, it } from 'vitest';
import { chooseBackend } from '../../src/backend.js';
import { computeFeatures } from '../../src/features.js';
import { fitTimetable } from '../../src/features/fit-timetable.js';
import { dayNumber } from '../../src/flights.js';
import { scoreBatch } from '../../src/model.js';
import { monitorDays } from '../../src/monitor/monitor-days.js';
import type { MonitoredDays } from '../../src/monitor/monitor-days.js';
import { split } from '../../src/split.js';
import { train } from '../../src/train.js';
import { sdfFlights } from '../sdf.js';

let found: MonitoredDays;

beforeAll(async () => {
  await chooseBackend('cpu');
  const flights = await sdfFlights();
  const plan = {
    timetable: 'frozen',
    train: { from: '2001-01-15', through: '2001-02-07' },
    tests: [],
    trainRows: 5_000,
    seed: 1,
  } as const;
  const { model } = await train(computeFeatures(flights, split(flights, plan), plan).train, {
    seed: 1,
    epochs: 20,
  });
  const timetable = fitTimetable(flights, dayNumber('2001-02-08'));
  found = monitorDays({
    flights,
    watcher: {
      name: 'sdf',
      view: (world) => world.withTimetable(timetable),
      score: (rows) => scoreBatch(model, rows),
    },
    reference: { from: '2001-02-08', through: '2001-02-21' },
    judge: { from: '2001-02-22', through: '2001-04-11' },
    windowDays: 7,
    seed: 1,
  });
}, 120_000);

it('the stormiest week drifts, and the model stays good', () => {
  const [storm] = found.windows;
  expect(storm).toMatchObject({ from: '2001-02-22', diagnosis: { state: 'drift without decay' } });
  expect(storm?.performance.lateShare).toBeGreaterThan(0.2);
});

it('in the weeks of the clock change and after it the frozen model decays', () => {
  expect(found.windows.map(({ from, diagnosis }) => [from, diagnosis.state === 'decay'])).toEqual([
    ['2001-02-22', false],
    ['2001-03-01', false],
    ['2001-03-08', false],
    ['2001-03-15', false],
    ['2001-03-22', false],
    ['2001-03-29', true],
    ['2001-04-05', true],
  ]);
});

it('the share of never-seen route-slots says it without labels', () => {
  const unseen = found.windows.map(
    ({ quality }) => quality.checks.find(({ name }) => name === 'unseen route-slots')?.state,
  );
  expect(unseen).toEqual(['fine', 'fine', 'fine', 'fine', 'fine', 'warning', 'alarm']);
});
