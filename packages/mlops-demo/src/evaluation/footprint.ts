/**
 * Footprint: what a model costs to serve. How long one answer takes, and how many numbers it holds.
 *
 * in:  a model, a clock → out: { parameters: 3905, singleMs: 0.3 }
 *
 * Rule: the median of 30 answers to one question, after a first one that warms up. It is measured where it is judged, by the gate, and stands in
 * no value that a later run finds again: a time is another one at every run. A verdict names it only where it is too long, and is then not kept.
 *
 * When it misleads: on a busy machine everything takes longer. The limits are for a model ten times too large, not for a slow minute;
 * the next run measures again.
 */
import { scoreBatch } from '../model.js';
import type { DelayModel } from '../model.js';
import { monotonicMs } from './clock.js';

export interface Footprint {
  /** Weights and biases, four bytes each. */
  parameters: number;
  /** Median time of one answer. */
  singleMs: number;
}

const ANSWERS = 30;

export function footprintOf(model: DelayModel, nowMs: () => number = monotonicMs): Footprint {
  const one = new Float32Array(model.normaliser.means.length);
  scoreBatch(model, one);
  return {
    parameters: model.network.countParams(),
    singleMs: medianMs(ANSWERS, nowMs, () => scoreBatch(model, one)),
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
