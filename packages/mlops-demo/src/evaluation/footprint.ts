/**
 * Footprint: what a model costs to serve. How long one answer takes, and how many numbers it holds.
 *
 * in:  a model, a clock → out: { parameters: 3905, singleMs: 0.3, thousandMs: 4 }
 *
 * Rule: the median of 30 answers to one question, and of 5 to a thousand at once, after a first one that warms up.
 *
 * When it misleads: on a busy machine everything takes longer. The limits are for a model ten times too large, not for a slow minute.
 */
import { scoreBatch } from '../model.js';
import type { DelayModel } from '../model.js';

export interface Footprint {
  /** Weights and biases, four bytes each. */
  parameters: number;
  /** Median time of one answer. */
  singleMs: number;
  /** Median time of a thousand answers asked for together. */
  thousandMs: number;
}

const SINGLES = 30;
const THOUSANDS = 5;

export function footprintOf(model: DelayModel, nowMs: () => number): Footprint {
  const inputs = model.normaliser.means.length;
  const one = new Float32Array(inputs);
  const thousand = new Float32Array(1000 * inputs);
  scoreBatch(model, thousand);
  return {
    parameters: model.network.countParams(),
    singleMs: medianMs(SINGLES, nowMs, () => scoreBatch(model, one)),
    thousandMs: medianMs(THOUSANDS, nowMs, () => scoreBatch(model, thousand)),
  };
}

function medianMs(times: number, nowMs: () => number, work: () => void): number {
  const taken = Float64Array.from({ length: times }, () => {
    const startedMs = nowMs();
    work();
    return nowMs() - startedMs;
  }).sort();
  return taken[Math.floor(times / 2)]!;
}
