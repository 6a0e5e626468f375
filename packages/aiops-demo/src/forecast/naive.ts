/**
 * Naive forecast: it stays as it is. The baseline that every method must beat.
 *
 * Rule: exponential smoothing (smoothing.ts) that takes every error whole into the level.
 * When it misleads: seldom in the next minute; always where there is a trend or a season.
 * Source: Hyndman and Athanasopoulos (2021), section 5.2.
 *
 *   naive.fit([3, 5]) // its forecast is 5, 5, 5, …
 */
import type { Method } from './method.js';

export const naive: Method = {
  name: 'naive',
  learnsFrom: 1,
  fit: ([first = 0]) => ({
    weights: { alpha: 1, beta: 0, phi: 1, gamma: 0 },
    start: { level: first, trend: 0, season: [] },
  }),
};
