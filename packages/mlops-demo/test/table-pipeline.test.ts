import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { chooseBackend } from '../src/backend.js';
import { dateOf, dayNumber } from '../src/flights.js';
import { seedRandom } from '../src/seeded-random.js';
import { predictNext, runTable } from '../src/table-pipeline.js';
import type { TableTask } from '../src/table-pipeline.js';

interface Reading {
  date: string;
  level: number;
}

const FIRST = dayNumber('2020-01-01');

/** High today, low tomorrow: what a straight line can learn. */
function readings(count: number, seed = 1): Reading[] {
  const random = seedRandom(seed);
  return Array.from({ length: count }, (_, day) => ({
    date: dateOf(FIRST + day),
    level: (day % 2 === 0 ? 0.8 : 0.2) + 0.4 * (random() - 0.5),
  }));
}

const TASK: TableTask<Reading> = {
  name: 'levels',
  schema: z.object({ date: z.iso.date(), level: z.number().min(0).max(1) }),
  day: ({ date }) => date,
  features: { level: (rows) => rows.at(-1)!.level, rows: (rows) => rows.length },
  target: (_today, tomorrow) => tomorrow.level > 0.5,
  trainThrough: dateOf(FIRST + 299),
  seed: 1,
  epochs: 20,
  hyperparameters: { hiddenUnits: [4], learningRate: 0.05, batchRows: 32 },
  limits: { mostQuarantined: 0.05, leastAuc: 0.9, leastSkill: 0.5, mostEce: 0.1 },
};

beforeAll(async () => {
  await chooseBackend('cpu');
});

describe('the pipeline on another table', () => {
  test('learns what there is to learn, and says what it did', async () => {
    const run = await runTable(TASK, readings(400));
    if (run.state !== 'passed') throw new Error(run.state);
    expect(run.evaluated.model.auc).toBeGreaterThan(0.99);
    expect(run.parts.because).toBe(
      `300 rows to ${TASK.trainThrough} teach, 99 to ${dateOf(FIRST + 398)} examine`,
    );
    expect(run.gated.checks.map(({ state }) => state)).toEqual(['passed', 'passed', 'passed']);
  });

  test('refuses a model that has learned nothing, with the number and the limit', async () => {
    const run = await runTable({ ...TASK, target: (_, next) => next.date.endsWith('7') }, readings(400));
    if (run.state !== 'model refused') throw new Error(run.state);
    expect(run.gated.because).toMatch(/skill is .*, at least 0.5 is asked for/);
  });

  test('answers for the newest row only, and for none when that is not sound', async () => {
    const rows = readings(400);
    const run = await runTable(TASK, rows);
    if (run.state !== 'passed') throw new Error(run.state);
    const { model } = run.trained;
    expect(predictNext(TASK, model, rows)).not.toBe(predictNext(TASK, model, rows.slice(0, -1)));
    const broken = [...rows.slice(0, -1), { date: rows.at(-1)?.date, level: 7 }];
    expect(() => predictNext(TASK, model, broken)).toThrow(
      'predictNext: expected the newest row to be sound: 399 of 400 rows are sound: 1 × level',
    );
  });

  test('gives the same weights and the same version for the same rows', async () => {
    const [one, two, other] = [
      await runTable(TASK, readings(350)),
      await runTable(TASK, readings(350)),
      await runTable(TASK, readings(350, 2)),
    ].map((run) => {
      if (run.state === 'table refused') throw new Error(run.validated.because);
      const weights = run.trained.model.network.getWeights().flatMap((tensor) => [...tensor.dataSync()]);
      return { version: run.data.version, weights };
    });
    expect(two).toEqual(one);
    expect(other?.version).not.toBe(one?.version);
  });

  test('quarantines single bad rows by their reason, and refuses a table that is full of them', async () => {
    const rows: unknown[] = readings(400);
    rows[7] = { date: '2020-01-08', level: 7 };
    rows[9] = { date: '2019-01-01', level: 0.5 };
    const run = await runTable(TASK, rows);
    expect(run.state).toBe('passed');
    expect(run.validated.because).toBe(
      '398 of 400 rows are sound: 1 × level: Too big: expected number to be <=1; 1 × out of order',
    );
    const broken = await runTable(
      TASK,
      readings(400).map(({ date, level }) => ({ date, level: level * 100 })),
    );
    expect(broken.state).toBe('table refused');
  });

  test('an input has only the rows up to its own before it', async () => {
    const seen: number[] = [];
    const rows = readings(320);
    const features = {
      level: (before: readonly Reading[]) => {
        seen.push(before.length);
        return before.at(-1)!.level;
      },
    };
    await runTable({ ...TASK, features, epochs: 1 }, rows);
    expect(seen).toEqual(Array.from({ length: 319 }, (_, at) => at + 1));
  });

  test('whatever comes in, rows are sound or quarantined, none is lost', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.anything(), { maxLength: 20 }), async (junk) => {
        const { validated } = await runTable({ ...TASK, epochs: 1 }, junk);
        expect(validated.rows.length + validated.quarantined).toBe(junk.length);
        expect(validated.state).toBe(junk.length === 0 || validated.quarantined > 0 ? 'failed' : 'passed');
      }),
      { numRuns: 50 },
    );
  });
});
