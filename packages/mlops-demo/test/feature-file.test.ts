import { createHash } from 'node:crypto';
import { mkdtemp, rename, rm, truncate } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { chooseBackend } from '../src/backend.js';
import type { FlightColumns } from '../src/data/columns.js';
import { evaluate } from '../src/evaluate.js';
import { computeFeatures, writeFeatures } from '../src/features.js';
import type { Features, FeaturesIn } from '../src/features.js';
import { featureFilesIn, openFeatureFile } from '../src/features/feature-file/store.js';
import type { FeatureFile } from '../src/features/feature-file/store.js';
import { FEATURE_COUNT } from '../src/features/names.js';
import { saveNetwork } from '../src/model.js';
import type { Plan } from '../src/plan.js';
import { split } from '../src/split.js';
import { train } from '../src/train.js';
import { SDF_PLAN, sdfFlights } from './sdf.js';

const PLAN: Plan = { ...SDF_PLAN, timetable: 'frozen' };
let flights: FlightColumns;
let inMemory: Features;
beforeAll(async () => {
  await chooseBackend('wasm');
  flights = await sdfFlights();
  inMemory = computeFeatures(flights, split(flights, PLAN), PLAN);
});

async function emptyFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'features-'));
  onTestFinished(async () => rm(folder, { recursive: true, force: true }));
  return folder;
}

const writtenTo = (folder: string): FeaturesIn<FeatureFile> =>
  writeFeatures(flights, split(flights, PLAN), PLAN, featureFilesIn(folder));

const allOf = (table: FeatureFile): Float32Array => table.read(0, table.count).rows;
/** A million numbers are compared faster by their digest. */
const digestOf = (rows: Float32Array): string =>
  createHash('sha256').update(new Uint8Array(rows.buffer)).digest('hex');

describe('feature tables on disk', () => {
  test('hold what the tables in memory hold, and any stretch of it', async () => {
    const { train, tests } = writtenTo(await emptyFolder());
    expect(train.count).toBe(12_426);
    const { rows } = inMemory.train;
    expect(digestOf(allOf(train))).toEqual(digestOf(rows));
    expect(train.read(8190, 8195).rows).toEqual(rows.slice(8190 * FEATURE_COUNT, 8195 * FEATURE_COUNT));
    expect(train.days).toEqual(inMemory.train.days);
    expect(train.labels).toEqual(inMemory.train.labels);
    expect(tests.map((test) => digestOf(allOf(test)))).toEqual(
      inMemory.tests.map(({ rows }) => digestOf(rows)),
    );
  });

  test('teach the same weights as tables in memory and examine with the same answers, bit for bit', async () => {
    const onDisk = writtenTo(await emptyFolder());
    const options = { seed: 1, epochs: 2 };
    const fromDisk = await train(onDisk.train, options);
    const fromMemory = await train(inMemory.train, options);
    expect(fromDisk.heldOutLosses).toEqual(fromMemory.heldOutLosses);
    expect(fromDisk.model.calibration).toEqual(fromMemory.model.calibration);
    const weights = async ({ model }: typeof fromDisk) => (await saveNetwork(model.network))['weights.bin'];
    expect(await weights(fromDisk)).toEqual(await weights(fromMemory));
    expect(evaluate(fromDisk.model, onDisk, flights)).toEqual(evaluate(fromMemory.model, inMemory, flights));
  }, 60_000);

  test('are read where their folder has been renamed to', async () => {
    const folder = await emptyFolder();
    const { train } = writtenTo(folder);
    await rename(folder, `${folder}-renamed`);
    onTestFinished(async () => rm(`${folder}-renamed`, { recursive: true }));
    expect(() => train.read(0, 1)).toThrow('ENOENT');
    const moved = openFeatureFile(`${folder}-renamed`, train.file, train);
    expect(moved.read(0, 1).rows).toEqual(inMemory.train.rows.slice(0, FEATURE_COUNT));
  });

  test('that are cut off are found out when they are read', async () => {
    const folder = await emptyFolder();
    const { train } = writtenTo(folder);
    await truncate(join(folder, train.file), 1000);
    expect(() => train.read(9, 20)).toThrow(/openFeatureFile: expected 1188 bytes at 972, got 28/);
  });
});
