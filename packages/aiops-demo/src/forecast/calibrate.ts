/**
 * Calibrate: how much wider than the sample paths were the errors that really happened?
 *
 * in: errors of a back-test and sample paths, both by step → out: one factor for the width, 1 to 3
 *
 * Rule: divide the errors by the paths' spread at their step, pool all steps, and compare what 80 per cent of them stay within
 * with what it is for a normal distribution. This is split conformal prediction with a normalised score, made one number so that whole
 * paths can be widened. Of n errors the (n + 1) × 0.8-th counts, and n is how many are independent: windows side by side,
 * times the errors of a window that count for themselves (its design effect).
 * When it misleads: with three or four windows the largest error decides. A break that never happened before is not in it.
 * Source: Lei et al., Journal of the American Statistical Association 113 (2018), sections 2.2 and 5.2; design effect: Kish (1965).
 *
 *   calibrate({ errors: [[2.56], [-2.56], …], paths: [[1], [-1]], middle: [0], windows: 50 }) // 2
 */
import { quantileOf } from './quantile-of.js';
import type { BackTest } from './rolling-origin.js';

const INNER_SHARE = 0.8;
/** 80 per cent of a normal distribution lie within so many standard deviations; many steps' errors add up to one. */
const INNER_OF_NORMAL = 1.2816;
/** A model is never trusted to be surer than it says. */
const NARROWEST = 1;
/** Beyond this the model does not fit at all, and more width says no more. */
const WIDEST = 3;

export interface Evidence extends BackTest {
  readonly paths: readonly (readonly number[])[];
  readonly middle: readonly number[];
}

export function calibrate({ errors, paths, middle, windows }: Evidence): number {
  if (windows < 1) return WIDEST;
  const independent = windows * designEffect(errors);
  const spreads = middle.map((centre, step) => spreadAt(paths, step, centre));
  const share = Math.min(1, INNER_SHARE * (1 + 1 / independent));
  const factor = quantileOf(scores(errors, spreads), share) / INNER_OF_NORMAL;
  return Number.isFinite(factor) ? Math.min(WIDEST, Math.max(NARROWEST, factor)) : NARROWEST;
}

/** How many errors of one window count as one: all of them when they share a sign, one when they are independent. */
function designEffect(errors: readonly (readonly number[])[]): number {
  const square = (row: readonly number[]) => row.reduce((sum, error) => sum + error * error, 0) / row.length;
  const mean = (row: readonly number[]) => row.reduce((sum, error) => sum + error, 0) / row.length;
  const whole = errors.reduce((sum, row) => sum + square(row), 0);
  const shared = errors.reduce((sum, row) => sum + mean(row) ** 2, 0);
  return shared > 0 ? whole / shared : Infinity;
}

function spreadAt(paths: readonly (readonly number[])[], step: number, centre: number): number {
  return Math.sqrt(paths.reduce((sum, path) => sum + ((path[step] ?? 0) - centre) ** 2, 0) / paths.length);
}

/** Distances in spreads, smallest first. A typed array, because it sorts numbers ten times as fast. */
function scores(rows: readonly (readonly number[])[], spreads: readonly number[]): Float64Array {
  return Float64Array.from(
    rows.flatMap((row) => row.map((distance, step) => Math.abs(distance) / (spreads[step] ?? 1))),
  ).sort();
}
