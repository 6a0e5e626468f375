/**
 * Rolling origin: how wrong would this method have been, had it forecast from earlier moments?
 *
 * in: values, a fit, a horizon → out: BackTest
 *
 * Rule: origins are spread evenly over the last two thirds; each forecast sees only the values before its origin.
 * When it misleads: the weights were fitted to all values, so a method with many of them looks a little too good.
 * Source: Tashman, International Journal of Forecasting 16 (2000); Hyndman and Athanasopoulos (2021), section 5.10.
 *
 *   rollingOrigin([1, 2, 3, 4, 5, 6], naive.fit([1]), 2, 1) // { errors: [[1, 2], [1, 2], [1, 2]], windows: 2 }
 */
import type { Fitted } from './method.js';
import { project, smooth } from './smoothing.js';

const MOST_ORIGINS = 40;
const EARLIEST_SHARE = 1 / 3;

export interface BackTest {
  /** One row for each origin: the errors of the 1st, 2nd, … step after it. */
  readonly errors: readonly (readonly number[])[];
  /** How many forecasts fit side by side, without overlap: so many are independent. */
  readonly windows: number;
}

/** @param from no origin before so many values */
export function rollingOrigin(
  values: readonly number[],
  { weights, start }: Fitted,
  horizon: number,
  from: number,
): BackTest {
  const earliest = Math.max(from, Math.floor(values.length * EARLIEST_SHARE));
  const latest = values.length - horizon;
  const origins = Math.max(0, Math.min(MOST_ORIGINS, latest - earliest + 1));
  let states = start;
  let seen = 0;
  const errors = Array.from({ length: origins }, (_, index) => {
    const origin =
      latest - Math.round(((latest - earliest) * (origins - 1 - index)) / Math.max(1, origins - 1));
    states = smooth(values.slice(seen, origin), weights, states).states;
    seen = origin;
    return project(states, weights, horizon).map((forecast, step) => (values[origin + step] ?? 0) - forecast);
  });
  return { errors, windows: Math.max(0, (values.length - earliest) / horizon) };
}
