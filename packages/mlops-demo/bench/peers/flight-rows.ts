/** The rows that teach and examine in `mlops run`, in memory and as files for Python. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FEATURE_COUNT, fastPlan } from 'mlops-demo';
import type { Plan } from 'mlops-demo';
import { computeFeatures, readCleanFlights, split } from 'mlops-demo/training';
import type { FeatureTable } from 'mlops-demo/training';
import { writeNpy } from './npy.js';

export interface FlightRows {
  plan: Plan;
  train: FeatureTable;
  test: FeatureTable;
  /** rows.npy, labels.npy, testRows.npy, testLabels.npy. */
  folder: string;
  remove: () => void;
}

export async function flightRows(): Promise<FlightRows> {
  const plan = fastPlan();
  const flights = await readCleanFlights(plan.read, plan.expectations);
  const { train, tests } = computeFeatures(flights, split(flights, plan), plan);
  const [test] = tests;
  if (test === undefined) throw new Error('flightRows: expected a plan with a test period');
  const folder = mkdtempSync(join(tmpdir(), 'mlops-peers-'));
  const write = (name: string, values: Float32Array | Uint8Array, columns: number[]): void =>
    writeNpy(join(folder, `${name}.npy`), values, columns);
  write('rows', train.rows, [train.labels.length, FEATURE_COUNT]);
  write('labels', train.labels, [train.labels.length]);
  write('testRows', test.rows, [test.labels.length, FEATURE_COUNT]);
  write('testLabels', test.labels, [test.labels.length]);
  return { plan, train, test, folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}
