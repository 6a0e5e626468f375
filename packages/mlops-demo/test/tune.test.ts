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
import { HYPERPARAMETERS, train } from '../src/train.js';
import { tune } from '../src/tune.js';
import type { Budget } from '../src/tune.js';
import { PausedTraining } from '../src/tune/paused-training.js';
import { sampleHyperparameters } from '../src/tune/search-space.js';
import { rungsOf, successiveHalving } from '../src/tune/successive-halving.js';
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
  test('starts with what the pipeline uses, halves the trials at each rung, and tells of every step', async () => {
    const told: string[] = [];
    const { trials, because } = await tune(table, budget(), ({ number, losses }) =>
      told.push(`${number} after ${losses.length}`),
    );
    expect(told.slice(0, 6)).toEqual([
      '1 after 1',
      '2 after 1',
      '3 after 1',
      '4 after 1',
      '5 after 1',
      '6 after 1',
    ]);
    const [first] = trials.filter(({ number }) => number === 1);
    if (first === undefined) throw new Error('no first trial');
    expect(first).toMatchObject({ hyperparameters: HYPERPARAMETERS, state: 'finished' });
    // Half of six, and the first one wherever it stands.
    const finished = trials.filter(({ state }) => state === 'finished');
    expect(finished.length).toBeGreaterThanOrEqual(3);
    expect(finished.length).toBeLessThanOrEqual(4);
    expect(trials.slice(0, finished.length)).toEqual(finished);
    expect(because).toMatch(/^6 trials, [23] of them stopped early: /);
    expect(trialLine(first)).toMatch(/^ {4}1 {2}64-32 +0\.00500 +1024 +2 +0\.\d{4}/);
  });

  test('with the same seed tries the same and finds the same', async () => {
    const once = await tune(table, budget({ trials: 4 }));
    expect(await tune(table, budget({ trials: 4 }))).toEqual(once);
    const other = await tune(table, budget({ trials: 2, seed: 2 }));
    const tried = ({ trials }: typeof once) => trials.map(({ hyperparameters }) => hyperparameters);
    expect(tried(other)).not.toEqual(tried(once));
  });

  test('trains nothing more when the seconds are spent', async () => {
    const { trials } = await tune(table, budget({ seconds: 4, epochs: 1 }));
    expect(trials.length).toBeLessThan(6);
    expect(trials.length).toBeGreaterThan(0);
  });

  test.each([7, 9, 11])(
    'whose time is up after %i steps, before what the pipeline uses is as far as the best, tells of no gain',
    async (seconds) => {
      let now = 0;
      const spent = budget({ seconds, epochs: 4, nowMs: () => now });
      const { because } = await tune(table, spent, () => (now += 1000));
      expect(because).toMatch(/after epoch \d; there was no time to train both as far, so no gain is known$/);
    },
  );
});

describe('successive halving', () => {
  test('has its rungs at all, half, a quarter of the epochs', () => {
    expect(rungsOf(6)).toEqual([1, 3, 6]);
    expect(rungsOf(8)).toEqual([1, 2, 4, 8]);
    expect(rungsOf(1)).toEqual([1]);
  });

  /** Trials by their losses after epochs 1, 2, 3 and 4. By hand: 0, 2 and 5 go on to epoch 2, 5 and 2 to epoch 4. */
  const LOSSES = [
    [0.3, 0.29, 0.2, 0.1],
    [0.4, 0.2, 0.2, 0.2],
    [0.25, 0.25, 0.25, 0.24],
    [NaN, 0.1, 0.1, 0.1],
    [0.35, 0.1, 0.1, 0.1],
    [0.2, 0.22, 0.23, 0.26],
  ];
  const run = async (most = Infinity) => {
    const steps: string[] = [];
    const left = await successiveHalving(LOSSES.length, rungsOf(4), (trial, epoch) => {
      if (steps.length >= most) return Promise.resolve(undefined);
      steps.push(`${trial} to ${epoch}`);
      return Promise.resolve(LOSSES[trial]?.[epoch - 1]);
    });
    return { steps, left };
  };

  test('trains the better half on, as computed by hand', async () => {
    const { steps, left } = await run();
    expect(steps.slice(0, 6)).toEqual(['0 to 1', '1 to 1', '2 to 1', '3 to 1', '4 to 1', '5 to 1']);
    expect(steps.slice(6, 9)).toEqual(['5 to 2', '2 to 2', '0 to 2']);
    expect(steps.slice(9)).toEqual(['5 to 4', '2 to 4']);
    expect(left).toEqual([2, 5]);
  });

  test('that may train no more keeps what the last whole rung said', async () => {
    expect((await run(10)).left).toEqual([5, 2]);
    expect((await run(7)).left).toEqual([5, 2, 0]);
    expect((await run(3)).left).toEqual([2, 0, 1]);
  });
});

test.each([
  ['ends as planned', HYPERPARAMETERS.learningRate, 3],
  ['is ended by early stopping', 0.1, 6],
])(
  'a training that is paused after every epoch and %s has the losses of one that is not',
  async (_how, learningRate, epochs) => {
    const options = { seed: 1, epochs, hyperparameters: { ...HYPERPARAMETERS, learningRate } };
    const { heldOutLosses } = await train(table, options);
    const paused = new PausedTraining(table, options);
    expect(await paused.to(1)).toBe(heldOutLosses[0]);
    expect(paused.losses).toHaveLength(1);
    for (let epoch = 2; epoch <= epochs; epoch++) await paused.to(epoch);
    expect(paused.losses).toEqual(heldOutLosses);
    expect(heldOutLosses.length < epochs).toBe(learningRate === 0.1);
    await paused.end();
  },
);

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
