/**
 * Detect seasons: after how many steps does a series repeat itself?
 *
 * in: values → out: Season[], the shortest first, at most two (a day and a week)
 *
 * Rule: take the straight line out. The variogram d(lag) is the mean of (x[t] − x[t−lag])². A season of m steps is a valley:
 * d(m) is far below d(m/2) and d(3m/2). Its strength is 1 − d(m) / mean(d(m/2), d(3m/2)), and it must be more than chance makes it.
 * A longer season must also repeat clearly better than the shorter one, or three days would be a season.
 * This is the autocorrelation read as a difference: unlike it, it seldom takes a series that wanders for one with a season.
 * When it misleads: three whole seasons must be there. A season that changes its length smears its valley. Of random walks of
 * 1,000 steps one in five has a chance valley: choose-method.ts measures whether a season helps before it is used.
 * Source: variogram: Matheron, Economic Geology 58 (1963). The limit: for white noise the logarithm of 1 − strength has
 * variance 4.5 / n.
 *
 *   detectSeasons([0, 5, 9, 0, 5, 9, 0, 5, 9, 0, 5, 9]) // [{ period: 3, strength: 1 }]
 */
import { withoutLine } from './without-line.js';

export interface Season {
  readonly period: number;
  /** 0: no season; 1: it repeats exactly. */
  readonly strength: number;
}

const MOST_SEASONS = 2;
const SEASONS_NEEDED = 3;
/** Two weeks at one value every five minutes; what is older costs time and says little more. */
const MOST_VALUES = 4_032;
/** Dozens of lags are tried, so two standard deviations would be passed by chance; a random walk of 100 steps passes three in 2 %. */
const SIGMAS = 3;
const NOISE_VARIANCE = 4.5;
/** A random walk of a thousand steps has chance valleys up to about this. */
const WEAKEST = 0.3;
const SAME_VALLEY = 1.5;
const ALMOST_AS_DEEP = 0.8;
const CLEARLY_LOWER = 0.9;

export function detectSeasons(series: readonly number[]): Season[] {
  const values = withoutLine(series.slice(-MOST_VALUES));
  const longest = Math.floor(values.length / SEASONS_NEEDED);
  const variogram = variogramOf(values, Math.ceil(longest * 1.5));
  const strengths = Array.from({ length: longest + 1 }, (_, period) => strengthAt(variogram, period));
  const valleys = strengths
    .map((strength, period): Season => ({ period, strength }))
    .filter(({ period, strength }) => strength > Math.max(WEAKEST, chance(values.length, period)));
  const deepest = valleys.reduce((most, { strength }) => Math.max(most, strength), 0);
  const seasons: Season[] = [];
  for (const valley of valleys) {
    if (valley.strength < ALMOST_AS_DEEP * deepest || !isBottom(valley, valleys)) continue;
    const repeats = variogram[valley.period] ?? 0;
    if (seasons.every(({ period }) => repeats < CLEARLY_LOWER * (variogram[period] ?? 0)))
      seasons.push(valley);
  }
  return seasons.slice(0, MOST_SEASONS);
}

/** The slopes of a valley are no seasons of their own. */
function isBottom({ period, strength }: Season, valleys: readonly Season[]): boolean {
  const near = valleys.filter(
    (other) => other.period < SAME_VALLEY * period && period < SAME_VALLEY * other.period,
  );
  return near.every(
    (other) => other.strength < strength || (other.strength === strength && other.period >= period),
  );
}

function variogramOf(values: readonly number[], maxLag: number): number[] {
  const numbers = Float64Array.from(values);
  return Array.from({ length: maxLag + 1 }, (_, lag) => {
    let sum = 0;
    for (let t = lag; t < numbers.length; t += 1) sum += ((numbers[t] ?? 0) - (numbers[t - lag] ?? 0)) ** 2;
    return sum / (numbers.length - lag);
  });
}

/** An odd period has no middle step: both neighbours count half. */
function strengthAt(variogram: readonly number[], period: number): number {
  if (period < 2) return 0;
  const at = (lag: number) => ((variogram[Math.floor(lag)] ?? 0) + (variogram[Math.ceil(lag)] ?? 0)) / 2;
  const around = (at(period / 2) + at(period * 1.5)) / 2;
  return around === 0 ? 0 : 1 - (variogram[period] ?? 0) / around;
}

function chance(length: number, period: number): number {
  return 1 - Math.exp(-SIGMAS * Math.sqrt(NOISE_VARIANCE / (length - 1.5 * period)));
}
