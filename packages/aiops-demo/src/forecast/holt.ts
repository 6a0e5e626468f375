/**
 * Holt's method: a level and a trend. With a damped trend it is the usual winner on series without a season.
 *
 * Rule: exponential smoothing (smoothing.ts) with alpha, beta and, damped, phi. `simple` leaves the trend out.
 * When it misleads: undamped it runs on for ever, beyond any full disk and below zero.
 * Source: Holt (1957), reprinted in International Journal of Forecasting 20 (2004); damped: Gardner and McKenzie,
 * Management Science 31 (1985). Hyndman and Athanasopoulos (2021), sections 8.1 and 8.2.
 *
 *   holt.fit([10, 12, 14, 16]) // its forecast is 18, 20, 22, …
 */
import { linearRegression } from 'simple-statistics';
import { fit } from './fit.js';
import type { Fitted, Method } from './method.js';

/** The first guess of level and trend comes from so many values. */
const VALUES_FOR_A_GUESS = 10;

export const simple: Method = {
  name: 'simple smoothing',
  learnsFrom: 1,
  fit: (values) => fitTrend(values, { hasTrend: false, isDamped: false }),
};
export const holt: Method = {
  name: 'Holt',
  learnsFrom: 1,
  fit: (values) => fitTrend(values, { hasTrend: true, isDamped: false }),
};
export const dampedHolt: Method = {
  name: 'damped Holt',
  learnsFrom: 1,
  fit: (values) => fitTrend(values, { hasTrend: true, isDamped: true }),
};

function fitTrend(values: readonly number[], trend: { hasTrend: boolean; isDamped: boolean }): Fitted {
  const first = values.slice(0, VALUES_FOR_A_GUESS);
  const { m, b } = linearRegression(first.map((value, step) => [step, value]));
  const mean = first.reduce((sum, value) => sum + value, 0) / first.length;
  const guess = trend.hasTrend ? { level: b - m, trend: m } : { level: mean, trend: 0 };
  return fit(values, { ...trend, hasSeason: false }, { ...guess, season: [] });
}
