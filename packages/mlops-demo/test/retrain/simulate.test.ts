/** The story's loop on the real flights of one hub: the server's trial, policy and attempt, on the flights' clock. */
import { expect, it } from 'vitest';
import { FlightWatch } from '../../src/monitor/flight-watch.js';
import { referenceOf } from '../../src/monitor/reference.js';
import { simulate } from '../../src/retrain/simulate.js';
import type { SimulatedDay } from '../../src/retrain/simulate.js';
import { SimulatedTrial } from '../../src/retrain/simulated-trial.js';
import type { Simulated } from '../../src/retrain/simulated-models.js';
import { FEATURE_COUNT } from '../../src/features/names.js';
import { dayNumber } from '../../src/flights.js';
import { dayOfFlights } from '../monitor/facts.js';
import { sdfFlights } from '../sdf.js';

/** A made-up day, with the airports of the real ones: those are not broken. */
const reference = {
  ...referenceOf(dayOfFlights({ day: '2001-01-31', departures: 2_000, seed: 5 })),
  airports: new Set((await sdfFlights()).codes),
};

const NOON = dayNumber('2001-03-01') * 1440 + 720;

/** It says the same of every flight; one in five is late. */
const saying = (name: string, risk: number, dataThrough: string): Simulated => ({
  name,
  dataThrough,
  reference,
  weightBytes: 100,
  view: (world) => world,
  score: (rows) => new Float32Array(rows.length / FEATURE_COUNT).fill(risk),
});

async function days(challenger: number): Promise<{ told: SimulatedDay[]; staged: string[] }> {
  const staged: string[] = [];
  const first = saying('old', 0.5, '2001-01-31');
  const span = { from: '2001-03-03', through: '2001-03-31' };
  const told: SimulatedDay[] = [];
  for await (const day of simulate(await sdfFlights(), span, first, {
    train: async () =>
      Promise.resolve({
        what: 'trained',
        state: 'registered',
        version: 'new',
        champion: 'old',
        because: 'ok',
      }),
    load: async () => Promise.resolve(saying('new', challenger, '2001-03-02')),
    stage: async ({ version, to }) => Promise.resolve(void staged.push(`${version} ${to}`)),
  }))
    told.push(day);
  return { told, staged };
}

it('an old model is replaced by one that is as good, through shadow and canary', async () => {
  const { told, staged } = await days(0.2);
  expect(staged).toEqual(['new shadow', 'new canary', 'new production']);
  const events = told.flatMap((day) => day.events.map(({ because }) => because));
  expect(events.map((because) => because.split(':')[0])).toEqual([
    '→ training',
    '→ shadow',
    '→ canary',
    '→ promoted',
  ]);
  expect(events.at(-1)).toMatch(
    /^→ promoted: answered \d+ flights, .* landed: as good as the champion in all 6 checks/,
  );
  expect(told.at(-1)).toMatchObject({ version: 'new' });
});

it('one that is worse is discarded, and the old one stays', async () => {
  const { told, staged } = await days(0.9);
  expect(staged.slice(0, 2)).toEqual(['new shadow', 'new archived']);
  expect(told.every(({ version }) => version === 'old')).toBe(true);
});

it('departures and landings reach the trial as the world learned of them, however seldom it is asked', () => {
  const count = 3_000;
  const minutes = Int32Array.from({ length: count }, (_, flight) => NOON + flight);
  const flights = {
    codes: ['ATL', 'SAV'],
    origins: new Uint16Array(count),
    destinations: new Uint16Array(count).fill(1),
    utcMinutes: minutes,
    localMinutes: minutes.map((minute) => minute - 300),
    distanceMiles: new Int32Array(count).fill(215),
    delayMinutes: Int32Array.from({ length: count }, (_, flight) => (flight % 5 === 0 ? 30 : 0)),
  };
  const watch = new FlightWatch(flights, 1);
  watch.add(saying('old', 0.3, '2001-02-28'));
  watch.add(saying('new', 0.2, '2001-02-28'));
  const trial = new SimulatedTrial({
    flights,
    watch,
    champion: { name: 'old', weightBytes: 1 },
    challenger: { name: 'new', weightBytes: 1 },
    stage: 'shadow',
    share: 0,
    since: new Date(NOON * 60_000).toISOString(),
  });
  // Asked once, when all is over: as many windows as if it had been asked all the time.
  watch.advance(NOON + count + 600);
  expect(trial.verdictAt(NOON + count + 600)).toMatchObject({ kind: 'pass', finished: true });
});
