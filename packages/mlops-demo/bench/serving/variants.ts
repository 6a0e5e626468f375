/** How the server may score: what is compared. */
import { BATCH_LIMITS, scoreBatch } from 'mlops-demo/serving';
import type { BatchLimits, DelayModel } from 'mlops-demo/serving';
import { forwardPassOf } from './forward-pass.js';

export interface Variant {
  limits: BatchLimits;
  score: (model: DelayModel, rows: Float32Array) => Float32Array;
}

const passes = new WeakMap<DelayModel, (rows: Float32Array) => Float32Array>();

function typedArrays(model: DelayModel, rows: Float32Array): Float32Array {
  const pass = passes.get(model) ?? forwardPassOf(model);
  passes.set(model, pass);
  return pass(rows);
}

const alone: BatchLimits = { ...BATCH_LIMITS, batchRows: 1, waitMs: 0 };
const patient: BatchLimits = { ...BATCH_LIMITS, waitMs: 2 };

/** The first is what the others are compared with. */
export const VARIANTS: Record<string, Variant> = {
  'each alone': { limits: alone, score: scoreBatch },
  'micro-batch': { limits: BATCH_LIMITS, score: scoreBatch },
  'micro-batch, 2 ms wait': { limits: patient, score: scoreBatch },
  'typed arrays': { limits: BATCH_LIMITS, score: typedArrays },
  'no model': { limits: BATCH_LIMITS, score: (_model, rows) => new Float32Array(rows.length / 27).fill(0.2) },
};
