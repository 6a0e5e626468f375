import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { z } from 'zod';
import { chooseBackend } from '../../src/backend.js';
import { runIfNone } from '../../src/commands/cli.js';
import { dateOf, dayNumber } from '../../src/flights.js';
import { scoreBatch } from '../../src/model.js';
import { readStages, registerModel, transition } from '../../src/registry/changes/store.js';
import { listModels, listVersions, loadModel } from '../../src/registry/store.js';
import { tableLineageLines } from '../../src/registry/table/lineage.js';
import { loadTableModel, registerTable } from '../../src/registry/table/store.js';
import { modelLines } from '../../src/report/run-lines.js';
import { seedRandom } from '../../src/seeded-random.js';
import { predictNext, runTable } from '../../src/table-pipeline.js';
import type { TableRun, TableTask } from '../../src/table-pipeline.js';
import { monitorTable } from '../../src/table-pipeline/monitor.js';
import { SDF_PLAN } from '../sdf.js';
import { deploy, emptyRegistry, startServer } from '../serve/harness.js';
import { artifactOf, randomModel } from '../serve/world.js';
import { pointProduction } from './point-production.js';

interface Reading {
  date: string;
  level: number;
}

const FIRST = dayNumber('2020-01-01');
const day = (at: number): string => dateOf(FIRST + at);
const TRAINED = 300;
const EXAMINED = 900;

/** A level today, and mostly a high one tomorrow where it was high. */
function readings(count: number, seed = 1): Reading[] {
  const random = seedRandom(seed);
  let isHigh = false;
  return Array.from({ length: count }, (_, at) => {
    isHigh = random() < 0.15 ? !isHigh : isHigh;
    return { date: day(at), level: (isHigh ? 0.7 : 0.3) + 0.3 * (random() - 0.5) };
  });
}

const TASK: TableTask<Reading> = {
  name: 'levels',
  schema: z.object({ date: z.iso.date(), level: z.number().min(0).max(1) }),
  day: ({ date }) => date,
  features: {
    level: (rows) => rows.at(-1)!.level,
    yesterday: (rows) => (rows.at(-2) ?? rows.at(-1)!).level,
  },
  target: (_today, tomorrow) => tomorrow.level > 0.5,
  trainThrough: day(TRAINED - 1),
  seed: 1,
  epochs: 40,
  hyperparameters: { hiddenUnits: [4], learningRate: 0.05, batchRows: 32 },
  limits: { mostQuarantined: 0.05, leastAuc: 0.7, leastSkill: 0.2, mostEce: 0.2 },
};
const who = { by: 'person:ada', because: 'a test says so', at: '2001-02-01T00:00:00.000Z' };

type Passed = Extract<TableRun, { state: 'passed' }>;
let modelsDir: string;
let run: Passed;
let version: string;

beforeAll(async () => {
  for (const name of ['TRIOPS_STATE_DIR', 'TRIOPS_MODEL_PUBLIC_KEY', 'TRIOPS_MODEL_SIGNING_KEY_FILE'])
    vi.stubEnv(name, '');
  await chooseBackend('cpu');
  modelsDir = await mkdtemp(join(tmpdir(), 'mlops-tables-'));
  const found = await runTable(TASK, readings(EXAMINED));
  if (found.state === 'table refused') throw new Error(found.validated.because);
  if (found.state === 'model refused') throw new Error(found.gated.because);
  run = found;
  ({ version } = await registerTable(modelsDir, TASK, run, 'cpu'));
  await transition(modelsDir, { ...who, version, to: 'production' });
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await rm(modelsDir, { recursive: true, force: true });
});

async function loaded() {
  const found = await loadTableModel(modelsDir, 'levels');
  if (found.state !== 'loaded') throw new Error(found.because);
  return found;
}

describe('the model of a table, in the registry of the flights', () => {
  test('comes back with the same risks', async () => {
    const { model, manifest } = await loaded();
    expect(scoreBatch(model, run.parts.test.rows)).toEqual(
      scoreBatch(run.trained.model, run.parts.test.rows),
    );
    expect(manifest).toMatchObject({ kind: 'table', table: 'levels', features: ['level', 'yesterday'] });
  });

  test('is the same version when the same rows are learned again', async () => {
    const again = await runTable(TASK, readings(EXAMINED));
    if (again.state !== 'passed') throw new Error(again.state);
    expect(await registerTable(modelsDir, TASK, again, 'cpu')).toMatchObject({
      state: 'already there',
      version,
    });
  });

  test('stands in the list with its stage and leads back to its rows', async () => {
    const [line] = modelLines(await listVersions(modelsDir), await readStages(modelsDir));
    expect(line).toMatch(new RegExp(`^\\* ${version} {2}production {2}2020-01-01 to ${TASK.trainThrough} `));
    const lines = tableLineageLines((await loaded()).manifest);
    expect(lines[1]).toBe(
      `data      ${run.data.version}: ${EXAMINED} rows of table levels, sha256 ${run.data.sha256.slice(0, 12)}`,
    );
    expect(lines[2]).toContain('features ["level","yesterday"]');
  });

  test('is refused by whoever serves flights, in words', async () => {
    const because = `${version} is a model of the table 'levels', not of flights`;
    expect(await loadModel(modelsDir)).toEqual({ state: 'refused', because });
    expect(await listModels(modelsDir)).toEqual([]);
  });

  test('does not take over in a server of flights, which goes on with the model that it has', async () => {
    const folder = await emptyRegistry();
    await deploy(folder, randomModel(1), 'm-1');
    const server = await startServer(folder);
    await server.ready();
    await registerTable(folder, TASK, run, 'cpu');
    await pointProduction(folder, version);
    const because = `${version} is a model of the table 'levels', not of flights; m-1 goes on serving`;
    await expect
      .poll(() => server.lines, { timeout: 20_000 })
      .toContain(`model ${version} refused: ${because}`);
    expect(await server.json('/v1/model')).toMatchObject({ version: 'm-1' });
  });

  test.each(['production', 'canary', 'shadow'] as const)(
    'does not become %s where a model of flights is in production: that one goes on being loaded',
    async (to) => {
      const folder = await emptyRegistry();
      await deploy(folder, randomModel(1), 'm-1');
      await registerTable(folder, TASK, run, 'cpu');
      const share = to === 'canary' ? { share: 0.1 } : {};
      await expect(transition(folder, { ...who, version, to, ...share })).rejects.toThrow(
        `${version} is a model of the table 'levels', and m-1, which is in production, of flights: another subject needs a registry of its own`,
      );
      expect(await loadModel(folder)).toMatchObject({ state: 'loaded', manifest: { version: 'm-1' } });
      expect(await readStages(folder)).toMatchObject([
        { version, stage: 'candidate' },
        { version: 'm-1', stage: 'production' },
      ]);
    },
  );

  test('is no model for `mlops run --if-none`: a run begins, here with a plan that asks for more flights than there are', async () => {
    const quiet = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
    const plan = { ...SDF_PLAN, expectations: { flightsPerDay: [13_000, 19_000] as [number, number] } };
    const wish = { plan, modelsDir, json: false };
    expect(await runIfNone(wish).finally(() => quiet.mockRestore())).toBe(1);
  });

  test('is not replaced by a model of flights', async () => {
    await registerModel(modelsDir, await artifactOf(randomModel(1), 'm-1', []));
    await expect(transition(modelsDir, { ...who, version: 'm-1', to: 'production' })).rejects.toThrow(
      `m-1 is a model of flights, and ${version}, which is in production, of the table 'levels'`,
    );
    await rm(join(modelsDir, 'versions', 'm-1'), { recursive: true });
  });

  test('is not taken for a model of another table, nor is one of flights', async () => {
    expect(await loadTableModel(modelsDir, 'rain')).toEqual({
      state: 'refused',
      because: `${version} is a model of the table 'levels', not of 'rain'`,
    });
    const flights = await mkdtemp(join(tmpdir(), 'mlops-flights-'));
    await registerModel(flights, await artifactOf(randomModel(1), 'm-1', []));
    expect(await loadTableModel(flights, 'levels', 'm-1')).toEqual({
      state: 'refused',
      because: "m-1 is a model of flights, not of the table 'levels'",
    });
    await rm(flights, { recursive: true });
  });

  test.each(['weights.bin', 'reference.json', 'manifest.json'])(
    'with a flipped byte in %s is refused',
    async (name) => {
      const path = join(modelsDir, 'versions', version, name);
      const bytes = await readFile(path);
      const flipped = Buffer.from(bytes);
      const middle = flipped.length >> 1;
      flipped.writeUInt8(flipped.readUInt8(middle) ^ 1, middle);
      await writeFile(path, flipped);
      const found = await loadTableModel(modelsDir, 'levels');
      await writeFile(path, bytes);
      expect(found).toMatchObject({ state: 'refused', because: expect.stringContaining(version) });
      expect(await loadTableModel(modelsDir, 'levels')).toMatchObject({ state: 'loaded' });
    },
  );

  test('answers for the newest row, whose outcome nobody knows', async () => {
    const { model } = await loaded();
    const rows = readings(EXAMINED + 1, 3);
    const [level, yesterday] = [rows.at(-1)!.level, rows.at(-2)!.level];
    expect(predictNext(TASK, model, rows)).toBe(scoreBatch(model, Float32Array.of(level, yesterday))[0]);
    expect(() => predictNext(TASK, model, [])).toThrow('predictNext: expected the newest row to be sound');
  });
});

describe('the monitor of a table', () => {
  const LATER = { from: day(EXAMINED), through: day(EXAMINED + 199) };
  const later = (change: (reading: Reading) => Reading = (reading) => reading): Reading[] =>
    readings(EXAMINED + 201, 2).map((reading, at) => (at < EXAMINED ? reading : change(reading)));

  test('finds nothing where nothing has changed', async () => {
    const report = monitorTable(TASK, await loaded(), later(), LATER);
    expect(report).toMatchObject({
      rows: 200,
      diagnosis: { state: 'steady' },
      inputs: { verdict: 'no drift' },
    });
  });

  test('tells drift from decay: the levels come closer together, and mean the same', async () => {
    const rows = later((reading) => ({ ...reading, level: 0.5 + (reading.level - 0.5) / 2 }));
    const { diagnosis, inputs } = monitorTable(TASK, await loaded(), rows, LATER);
    expect(diagnosis.state).toBe('drift without decay');
    expect(inputs.drifted).toBe(2);
  });

  test('sees decay: what was learned is no longer so', async () => {
    const upside: TableTask<Reading> = { ...TASK, target: (_, tomorrow) => tomorrow.level <= 0.5 };
    const { diagnosis, performance } = monitorTable(upside, await loaded(), later(), LATER);
    expect(diagnosis.state).toBe('decay');
    expect(performance.auc).toBeLessThan(0.5);
  });

  test('calls rows broken that no schema would take', async () => {
    const rows = later((reading) => ({ ...reading, level: reading.level * 100 }));
    const { diagnosis } = monitorTable(TASK, await loaded(), rows, LATER);
    expect(diagnosis.state).toBe('broken data');
    expect(diagnosis.because).toMatch(/^900 of 1101 rows are sound: 201 × level: Too big/);
  });

  test('gives no verdict on a handful of rows, or on days without rows', async () => {
    const model = await loaded();
    const week = { from: day(EXAMINED), through: day(EXAMINED + 6) };
    expect(monitorTable(TASK, model, later(), week).performance.state).toBe('labels not in yet');
    const empty = { from: day(5_000), through: day(5_006) };
    expect(monitorTable(TASK, model, later(), empty)).toMatchObject({
      rows: 0,
      diagnosis: { state: 'labels not in yet' },
    });
  });

  test('cries decay in few of 40 windows of 30 rows in which nothing has changed', async () => {
    const model = await loaded();
    const rows = readings(EXAMINED + 40 * 30 + 1, 5);
    const decays = Array.from({ length: 40 }, (_, window) => {
      const from = EXAMINED + window * 30;
      return monitorTable(TASK, model, rows, { from: day(from), through: day(from + 29) }).diagnosis.state;
    }).filter((state) => state === 'decay');
    // At most 5 % by its rule, and rows are less alike than drawn ones.
    expect(decays.length).toBeLessThanOrEqual(4);
  });
});
