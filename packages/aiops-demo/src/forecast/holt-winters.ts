/**
 * Holt-Winters, additive: a level, a trend (damped or none) and a season.
 *
 * Rule: exponential smoothing (smoothing.ts) with alpha, beta, gamma and, damped, phi. The season begins as the mean distance from
 * the moving average, over the first third of the values and at least two seasons.
 * When it misleads: swings that grow with the level need logarithms; there is one season only, so days inside weeks are one
 * season of a week.
 * Source: Winters, Management Science 6 (1960); Hyndman and Athanasopoulos (2021), sections 3.3 and 8.3.
 *
 *   holtWinters(4).fit([…]).weights // { alpha, beta, phi, gamma }
 */
import { linearRegression } from 'simple-statistics';
import { fit } from './fit.js';
import type { Method } from './method.js';
import type { States } from './smoothing.js';

/** The back-test (rolling-origin.ts) begins behind what the guess has seen. */
const SHARE_FOR_A_GUESS = 1 / 3;
const SEASONS_FOR_A_GUESS = 2;

export function holtWinters(period: number, trend: 'none' | 'damped' | 'kept' = 'damped'): Method {
  const names = { none: 'seasonal smoothing', damped: 'damped Holt-Winters', kept: 'Holt-Winters' };
  return {
    name: names[trend],
    learnsFrom: period * SEASONS_FOR_A_GUESS,
    fit: (values) => {
      const seen = Math.max(Math.floor(values.length * SHARE_FOR_A_GUESS), period * SEASONS_FOR_A_GUESS);
      const guess = firstGuess(values.slice(0, seen), period);
      const parts = { hasTrend: trend !== 'none', isDamped: trend === 'damped', hasSeason: true };
      return fit(values, parts, parts.hasTrend ? guess : { ...guess, trend: 0 });
    },
  };
}

function firstGuess(values: readonly number[], period: number): States {
  const season = seasonOf(values, period);
  const adjusted = values.map((value, step) => [step, value - (season[step % period] ?? 0)]);
  const { m, b } = linearRegression(adjusted);
  return { level: b - m, trend: m, season };
}

/** Classical decomposition: mean distance from the moving average, summing to nothing. */
function seasonOf(values: readonly number[], period: number): number[] {
  const sums = Array.from({ length: period }, () => ({ sum: 0, count: 0 }));
  movingAverage(values, period).forEach((average, step) => {
    const phase = sums[step % period];
    if (average === undefined || phase === undefined) return;
    phase.sum += (values[step] ?? 0) - average;
    phase.count += 1;
  });
  const season = sums.map(({ sum, count }) => (count === 0 ? 0 : sum / count));
  const mean = season.reduce((sum, value) => sum + value, 0) / period;
  return season.map((value) => value - mean);
}

/** Centred over one season; in an even season both ends count half. */
function movingAverage(values: readonly number[], period: number): (number | undefined)[] {
  const half = Math.floor(period / 2);
  return values.map((_, step) => {
    const window = values.slice(step - half, step + half + 1);
    if (step < half || step + half >= values.length) return undefined;
    const sum = window.reduce((total, value) => total + value, 0);
    const ends = ((values[step - half] ?? 0) + (values[step + half] ?? 0)) / 2;
    return period % 2 === 0 ? (sum - ends) / period : sum / period;
  });
}
