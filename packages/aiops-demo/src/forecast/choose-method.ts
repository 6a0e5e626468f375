/**
 * Choose a method: the one that would have been least wrong on this series, at this horizon.
 *
 * in: values, a horizon, the seasons that may be there → out: Candidate[], the chosen one first
 *
 * Rule: candidates are naive, simple smoothing, Holt and damped Holt; for each season also seasonal naive, and Holt-Winters with a damped
 * trend and with none. Of those whose mean absolute error over the same rolling origins (rolling-origin.ts) is within 5 % of the
 * smallest, the simplest wins.
 * When it misleads: a series that has changed its nature is judged by what it was.
 * Source: time-series cross-validation, Hyndman and Athanasopoulos (2021), section 5.10.
 *
 *   rankMethods(airPassengers, 12, [{ period: 12, strength: 0.95 }])[0].method.name // 'damped Holt-Winters'
 */
import type { Season } from './detect-seasons.js';
import { holtWinters } from './holt-winters.js';
import { dampedHolt, holt, simple } from './holt.js';
import type { Fitted, Method } from './method.js';
import { naive } from './naive.js';
import { rollingOrigin } from './rolling-origin.js';
import type { BackTest } from './rolling-origin.js';
import { seasonalNaive } from './seasonal-naive.js';

export interface Candidate {
  readonly method: Method;
  readonly fitted: Fitted;
  readonly backTest: BackTest;
  /** Mean size of its errors; infinite when there were too few values to measure it. */
  readonly meanError: number;
}

/** Fewer values fit no weights. */
const LEAST_VALUES = 8;
/** A back-test needs something to look back on: it goes no further ahead than a third of the values. */
const SHARE_AHEAD = 1 / 3;
/** A method must earn its weights: 2 to 10 % gave nearly the same accuracy, none at all gave less. */
const AS_GOOD_AS_BEST = 1.05;

/** The chosen one first. */
export function rankMethods(
  values: readonly number[],
  horizon: number,
  seasons: readonly Season[],
): Candidate[] {
  const ahead = Math.max(1, Math.min(horizon, Math.floor(values.length * SHARE_AHEAD)));
  const methods = candidatesFor(values, seasons);
  const from = Math.max(...methods.map(({ learnsFrom }) => learnsFrom));
  const simplestFirst = methods.map((method): Candidate => {
    const fitted = method.fit(values);
    const backTest = rollingOrigin(values, fitted, ahead, from);
    return { method, fitted, backTest, meanError: meanAbsolute(backTest.errors) };
  });
  const best = Math.min(...simplestFirst.map(({ meanError }) => meanError));
  const chosen =
    simplestFirst.find(({ meanError }) => meanError <= AS_GOOD_AS_BEST * best) ?? simplestFirst[0];
  const others = simplestFirst.filter((candidate) => candidate !== chosen);
  return [...(chosen === undefined ? [] : [chosen]), ...others.sort((a, b) => a.meanError - b.meanError)];
}

function candidatesFor(values: readonly number[], seasons: readonly Season[]): Method[] {
  if (values.length < LEAST_VALUES) return [naive];
  const seasonal = seasons.flatMap(({ period }) => [
    seasonalNaive(period),
    holtWinters(period, 'none'),
    holtWinters(period, 'damped'),
  ]);
  return [naive, simple, holt, dampedHolt, ...seasonal];
}

function meanAbsolute(errors: readonly (readonly number[])[]): number {
  const all = errors.flat();
  return all.length === 0 ? Infinity : all.reduce((sum, error) => sum + Math.abs(error), 0) / all.length;
}
