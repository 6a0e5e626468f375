/** What the server says and takes about retraining (GET and POST /v1/retrain), as schemas, and the answers. */
import { problem } from 'service-chassis';
import { z } from 'zod';
import { retrainStateSchema } from '../retrain/state.js';
import { RetrainStateDamaged } from '../retrain/store.js';
import type { RetrainDecision } from '../retrain.js';
import type { RetrainState } from '../retrain/state.js';
import type { Retrainer } from './retrainer.js';

export const retrainRequest = z.strictObject({
  because: z.string().min(3).max(300).default('asked for over HTTP'),
});

export const decisionSchema = z.object({
  state: z.enum(['retrain', 'wait']),
  trigger: z.string().exactOptional(),
  because: z.string(),
});

export const retrainingSchema = retrainStateSchema.extend({ decision: decisionSchema });

const OFF = 'This server does not retrain: it was started with RETRAIN=off.';

export async function retrainingNow(
  retrainer: Retrainer | undefined,
): Promise<RetrainState & { decision: RetrainDecision }> {
  if (retrainer === undefined) throw problem(404, 'Retraining is off', OFF);
  return orDamaged(stateAndDecision(retrainer));
}

async function stateAndDecision(retrainer: Retrainer): Promise<RetrainState & { decision: RetrainDecision }> {
  return { ...(await retrainer.state()), decision: retrainer.runner.decision };
}

/** The same, for a report that goes on without it. */
export async function retrainingOrWhyNot(
  retrainer: Retrainer,
): Promise<(RetrainState & { decision: RetrainDecision }) | { damaged: string }> {
  try {
    return await stateAndDecision(retrainer);
  } catch (error) {
    if (error instanceof RetrainStateDamaged) return { damaged: error.message };
    throw error;
  }
}

/** @throws {Problem} 503 with the remedy, when nobody can tell where an attempt stands. */
async function orDamaged<Result>(answer: Promise<Result>): Promise<Result> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof RetrainStateDamaged) throw problem(503, 'Retraining is damaged', error.message);
    throw error;
  }
}

/** @throws {Problem} 409 when no attempt begins, 503 when the state is damaged, with the reason. */
export async function askForRetraining(
  retrainer: Retrainer | undefined,
  request: { by: string; because: string },
): Promise<object> {
  if (retrainer === undefined) throw problem(404, 'Retraining is off', OFF);
  const decision = await orDamaged(retrainer.runner.tick(request));
  if (decision.state === 'wait') throw problem(409, 'Not now', decision.because);
  return decision;
}
