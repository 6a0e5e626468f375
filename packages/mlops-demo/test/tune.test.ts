import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { chooseBackend } from '../src/backend.js';
import { readTrainWish } from '../src/commands/train.js';
import type { FlightColumns } from '../src/data/columns.js';
import { computeFeatures } from '../src/features.js';
import type { FeatureTable } from '../src/features.js';
import { compareWays } from '../src/fine-tune.js';
import { dayNumber } from '../src/flights.js';
import { trialLine, wayLines } from '../src/report/train-lines.js';
import { seedRandom } from '../src/seeded-random.js';
import { split } from '../src/split.js';
import { HYPERPARAMETERS } from '../src/train.js';
import { tune } from '../src/tune.js';
import type { Budget, Trial } from '../src/tune.js';
import { isBehind } from '../src/tune/median-stopping.js';
import { sampleHyperparameters } from '../src/tune/search-space.js';
import { SDF_PLAN, sdfFlights } from './sdf.js';

let flights: FlightColumns;
let table: FeatureTable;
beforeAll(async () => {
  await chooseBackend('wasm');
  flights = await sdfFlights();
  const plan = { ...SDF_PLAN, trainRows: 2000 };
  table = computeFeatures(flights, split(flights, plan), plan).train;
});

/** A clock on which everything takes a second. */
function ticking(): () => number {
  let seconds = 0;
  return () => seconds++ * 1000;
}

const budget = (change: Partial<Budget> = {}): Budget => ({
  trials: 6,
  seconds: 1000,
  epochs: 2,
  seed: 1,
  nowMs: ticking(),
  ...change,
});

describe('a search', () => {
  test('starts with what the pipeline uses, ranks the trials and says what came of it', async () => {
    const told: Trial[] = [];
    const { trials, because } = await tune(table, budget(), (trial) => told.push(trial));
    expect(told.map(({ number }) => number)).toEqual([1, 2, 3, 4, 5, 6]);
    expect(told[0]?.hyperparameters).toEqual(HYPERPARAMETERS);
    const ranked = trials.map(({ best }) => best);
    expect(ranked).toEqual(ranked.toSorted((a, b) => a - b));
    expect(because).toMatch(/^6 trials, \d of them stopped early: /);
    const [told1] = told;
    if (told1 === undefined) throw new Error('no trial');
    expect(trialLine(told1)).toMatch(/^ {4}1 {2}64-32 +0\.00500 +1024 +2 +0\.\d{4}/);
  });

  test('with the same seed tries the same and finds the same', async () => {
    const once = await tune(table, budget({ trials: 4 }));
    expect(await tune(table, budget({ trials: 4 }))).toEqual(once);
    const other = await tune(table, budget({ trials: 2, seed: 2 }));
    expect(other.trials.map(({ hyperparameters }) => hyperparameters)).not.toEqual(
      once.trials.map(({ hyperparameters }) => hyperparameters),
    );
  });

  test('starts no trial when the seconds are spent', async () => {
    const { trials } = await tune(table, budget({ seconds: 4, epochs: 1 }));
    expect(trials.length).toBeLessThan(6);
    expect(trials.length).toBeGreaterThan(0);
  });
});

describe('median stopping', () => {
  const earlier = [[0.3, 0.28], [0.4, 0.35], [0.5]];
  test('stops what is above the median of the same epoch', () => {
    expect(isBehind(earlier, 1, 0.41)).toBe(true);
    expect(isBehind(earlier, 1, 0.4)).toBe(false);
  });
  test('waits for three trials that have been there', () => {
    expect(isBehind(earlier, 2, 0.9)).toBe(false);
    expect(isBehind(earlier.slice(0, 2), 1, 0.9)).toBe(false);
  });
  test('stops a loss that is no number', () => {
    expect(isBehind(earlier, 1, NaN)).toBe(true);
  });
});

test('what is drawn lies in the search space', () => {
  fc.assert(
    fc.property(fc.integer(), (seed) => {
      const { learningRate, batchRows, hiddenUnits } = sampleHyperparameters(seedRandom(seed));
      expect(learningRate).toBeGreaterThanOrEqual(0.0005);
      expect(learningRate).toBeLessThanOrEqual(0.02);
      expect([256, 512, 1024, 2048]).toContain(batchRows);
      expect(hiddenUnits.length).toBeGreaterThan(0);
    }),
    { seed: 1 },
  );
});

test('fine-tuning on May is compared with the old model and with training anew, on the same days of June', async () => {
  const tests = [{ period: 'June', from: '2001-06-01', through: '2001-06-30' }];
  const until = (through: string) => {
    const train = { from: '2001-01-15', through };
    const plan = { ...SDF_PLAN, timetable: 'frozen' as const, trainRows: 6000, train, tests };
    return computeFeatures(flights, split(flights, plan), plan);
  };
  const [before, after] = [until('2001-04-30'), until('2001-05-31')];
  const rows = { old: before.train, new: after.train, newestFrom: dayNumber('2001-05-01') };
  const [withOldTimetable, withNewTimetable] = [...before.tests, ...after.tests];
  if (withOldTimetable === undefined || withNewTimetable === undefined) throw new Error('no test rows');
  const test = { withOldTimetable, withNewTimetable };
  const ways = await compareWays({ ...rows, test }, { seed: 1, epochs: 3 }, ticking());
  const [kept = NaN, newTimetable = NaN, fineTuned = NaN, anew = NaN] = ways.map(({ scores }) => scores.auc);
  // Most of it is the timetable.
  expect(newTimetable).toBeGreaterThan(kept);
  expect(fineTuned).toBeGreaterThan(kept);
  // A third of the rows and few epochs: enough to run, not to win.
  expect(anew).toBeGreaterThan(0.75);
  expect(ways.map(({ seconds }) => seconds)).toEqual([0, 0, 1, 1]);
  expect(wayLines(ways)).toHaveLength(5);
}, 120_000);

describe('the command line', () => {
  test('of tune has its budget', () => {
    expect(readTrainWish(['tune', '--trials', '3', '--seconds', '5', '--out', 'm'], {})).toMatchObject({
      what: 'tune',
      trials: 3,
      seconds: 5,
      modelsDir: 'm',
    });
  });
  test.each([
    [['tune', '--trials', 'many'], "--trials: expected a whole number of at least 1, got 'many'"],
    [['card'], 'card: expected a VERSION'],
    [['fine-tune', 'May'], "fine-tune: expected no more arguments, got 'May'"],
  ])('%j is refused', (args, message) => {
    expect(() => readTrainWish(args, {})).toThrow(message);
  });
});
