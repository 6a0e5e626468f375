/** Where an attempt stands, on disk: MODELS_DIR/retrain.json, whole at every instant. */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { replaceDurably } from '../registry/durable/store.js';
import { NEVER_RETRAINED, retrainStateSchema } from './state.js';
import type { RetrainState } from './state.js';

/** Held by whoever reads the state, decides and writes it: the server, and `mlops retrain`. */
export const RETRAIN_LOCK = '.retrain.lock';

/** The file is there, and nobody can tell from it where an attempt stands. */
export class RetrainStateDamaged extends Error {
  override name = 'RetrainStateDamaged';
}

/** @throws RetrainStateDamaged when the file is not what was written */
export async function readRetrainState(modelsDir: string): Promise<RetrainState> {
  const path = placeOf(modelsDir);
  if (!existsSync(path)) return NEVER_RETRAINED;
  const state = retrainStateSchema.safeParse(parsed(await readFile(path, 'utf8')));
  if (state.success) return state.data;
  const [wrong] = state.error.issues;
  const what =
    wrong === undefined || wrong.path.length === 0 ? 'no JSON of an attempt' : wrong.path.join('.');
  throw new RetrainStateDamaged(
    `${path} is damaged (${what}): put a copy of it back, or move it away to begin without the attempts so far; stages in the registry stay`,
  );
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

export async function writeRetrainState(modelsDir: string, state: RetrainState): Promise<void> {
  await replaceDurably(placeOf(modelsDir), `${JSON.stringify(state, null, 2)}\n`);
}

function placeOf(modelsDir: string): string {
  return join(modelsDir, 'retrain.json');
}
