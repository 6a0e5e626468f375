/**
 * Seasonal naive forecast: as it was one season ago. The baseline where there is a season.
 *
 * Rule: exponential smoothing (smoothing.ts) without a level, whose season takes every error whole.
 * When it misleads: a season that rises from year to year is always forecast too low; it repeats last season's noise.
 * Source: Hyndman and Athanasopoulos (2021), section 5.2.
 *
 *   seasonalNaive(2).fit([3, 5, 4, 6]) // its forecast is 4, 6, 4, 6, …
 */
import type { Method } from './method.js';

export function seasonalNaive(period: number): Method {
  return {
    name: 'seasonal naive',
    learnsFrom: period,
    fit: (values) => ({
      weights: { alpha: 0, beta: 0, phi: 1, gamma: 1 },
      start: { level: 0, trend: 0, season: values.slice(0, period) },
    }),
  };
}
