import { mkdtemp, rm, truncate, unlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { chooseBackend } from '../src/backend.js';
import type { FlightColumns } from '../src/data/columns.js';
import { computeFeatures, streamFeatures } from '../src/features.js';
import type { FeatureTable } from '../src/features.js';
import { createFeatureFile, openFeatureFile } from '../src/features/feature-file/store.js';
import { FEATURE_COUNT } from '../src/features/names.js';
import { timetableForTraining } from '../src/features/timetable-choice.js';
import { saveNetwork } from '../src/model.js';
import type { Plan } from '../src/plan.js';
import { split } from '../src/split.js';
import { train } from '../src/train.js';
import { SDF_PLAN, sdfFlights } from './sdf.js';

const PLAN: Plan = { ...SDF_PLAN, timetable: 'frozen' };
let flights: FlightColumns;
let table: FeatureTable;
beforeAll(async () => {
  await chooseBackend('wasm');
  flights = await sdfFlights();
  table = computeFeatures(flights, split(flights, PLAN), PLAN).train;
});

/** The training rows, streamed into a folder. */
async function written(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'features-'));
  onTestFinished(async () => rm(folder, { recursive: true }));
  const file = createFeatureFile(folder);
  const timetableFor = timetableForTraining(flights, PLAN);
  streamFeatures(flights, [
    { positions: split(flights, PLAN).train, timetableFor, write: (stretch) => file.append(stretch) },
  ]);
  expect(file.close()).toBe(12_426);
  return folder;
}

describe('a feature file', () => {
  test('holds what the table in memory holds, and any stretch of it', async () => {
    const file = openFeatureFile(await written());
    expect(file.labels).toEqual(table.labels);
    expect(file.days).toEqual(table.days);
    expect(file.read(0, file.count).rows).toEqual(table.rows);
    expect(file.read(8190, 8195).rows).toEqual(table.rows.slice(8190 * FEATURE_COUNT, 8195 * FEATURE_COUNT));
    file.close();
  });

  test('teaches the same weights as the table in memory, bit for bit', async () => {
    const file = openFeatureFile(await written());
    const options = { seed: 1, epochs: 2 };
    const fromDisk = await train(file, options);
    const fromMemory = await train(table, options);
    file.close();
    expect(fromDisk.heldOutLosses).toEqual(fromMemory.heldOutLosses);
    expect(fromDisk.model.calibration).toEqual(fromMemory.model.calibration);
    const weights = async ({ model }: typeof fromDisk) => (await saveNetwork(model.network))['weights.bin'];
    expect(await weights(fromDisk)).toEqual(await weights(fromMemory));
  }, 60_000);

  test('that is cut off is found out, when it is opened or when it is read', async () => {
    const folder = await written();
    await truncate(join(folder, 'rows.f32'), 1000);
    const file = openFeatureFile(folder);
    expect(() => file.read(9, 20)).toThrow(/openFeatureFile: expected 1188 bytes at 972, got 28/);
    file.close();
    await truncate(join(folder, 'labels.u8'), 10);
    expect(() => openFeatureFile(folder)).toThrow('openFeatureFile: expected 12426 labels and days, got 10');
    await unlink(join(folder, 'count'));
    expect(() => openFeatureFile(folder)).toThrow('ENOENT');
  });
});
