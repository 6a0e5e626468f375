/** Where a trial stands, on disk: MODELS_DIR/trial.json, whole at every instant. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { reasonOf } from 'service-chassis/reason-of';
import { replaceDurably } from '../../registry/durable/store.js';
import { trialRecordSchema } from './trial-record.js';
import type { TrialRecord } from './trial-record.js';

export type SavedTrial =
  { state: 'none' } | { state: 'saved'; record: TrialRecord } | { state: 'damaged'; because: string };

/** Never throws: a trial that cannot be read begins anew. */
export async function readTrial(modelsDir: string): Promise<SavedTrial> {
  try {
    const text = await readFile(placeOf(modelsDir), 'utf8');
    return { state: 'saved', record: trialRecordSchema.parse(JSON.parse(text)) };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return { state: 'none' };
    return { state: 'damaged', because: reasonOf(error) };
  }
}

export async function writeTrial(modelsDir: string, record: TrialRecord): Promise<void> {
  await replaceDurably(placeOf(modelsDir), JSON.stringify(record));
}

function placeOf(modelsDir: string): string {
  return join(modelsDir, 'trial.json');
}
