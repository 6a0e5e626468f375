/**
 * Sample paths: many ways in which a series may go on.
 *
 * in: the states at the end, weights, past errors, how many steps and paths → out: paths
 *
 * Rule: run the smoothing (smoothing.ts) on into the future, and at each step draw one of the past errors. What was asked of one path can
 * then be asked of many: how often does it cross a limit, where do the middle 80 per cent lie?
 * When it misleads: errors that come in bursts are drawn one by one; the weights count as known. calibrate.ts mends the width.
 * Source: bootstrapped paths, Hyndman and Athanasopoulos (2021), sections 5.5 and 8.7.
 *
 *   samplePaths({ states, weights, errors: [-1, 1], horizon: 2, paths: 500, random }) // 500 paths of 2 values
 */
import type { States, Weights } from './smoothing.js';

export interface Future {
  readonly states: States;
  readonly weights: Weights;
  /** One-step errors to draw from. */
  readonly errors: readonly number[];
  readonly horizon: number;
  readonly paths: number;
  readonly random: () => number;
}

export function samplePaths({ paths, ...future }: Future): number[][] {
  return Array.from({ length: paths }, () => onePath(future));
}

function onePath({ states, weights, errors, horizon, random }: Omit<Future, 'paths'>): number[] {
  const { alpha, beta, phi, gamma } = weights;
  let { level, trend } = states;
  const season = [...states.season];
  return Array.from({ length: horizon }, (_, step) => {
    const phase = step % season.length;
    const error = errors[Math.floor(random() * errors.length)] ?? 0;
    const damped = phi * trend;
    const value = level + damped + (season[phase] ?? 0) + error;
    level += damped + alpha * error;
    trend = damped + beta * error;
    if (season.length > 0) season[phase] = (season[phase] ?? 0) + gamma * error;
    return value;
  });
}
