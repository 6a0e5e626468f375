/** Where an attempt stands, on disk: MODELS_DIR/retrain.json, whole at every instant. */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { replaceDurably } from '../registry/durable/store.js';
import { NEVER_RETRAINED, retrainStateSchema } from './state.js';
import type { RetrainState } from './state.js';

/** Held by whoever reads the state, decides and writes it: the server, and `mlops retrain`. */
export const RETRAIN_LOCK = '.retrain.lock';

/** @throws Error when the file is not what was written */
export async function readRetrainState(modelsDir: string): Promise<RetrainState> {
  const path = placeOf(modelsDir);
  if (!existsSync(path)) return NEVER_RETRAINED;
  return retrainStateSchema.parse(JSON.parse(await readFile(path, 'utf8')));
}

export async function writeRetrainState(modelsDir: string, state: RetrainState): Promise<void> {
  await replaceDurably(placeOf(modelsDir), `${JSON.stringify(state, null, 2)}\n`);
}

function placeOf(modelsDir: string): string {
  return join(modelsDir, 'retrain.json');
}
