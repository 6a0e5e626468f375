/**
 * Season: does this series repeat itself at a fixed time, and is it where it should be in its season?
 *
 * in: one value → out: what is expected at this point of the season and how far the level is from it; null without a season
 *
 * Rule: D(g) = fading mean of (x[t] − x[t − g])². A season is the lag g with the smallest D beyond the first lag where D reaches its
 * mean, when that D is below half of the mean. The level (mean of about ten values) is compared with the levels one
 * season, two seasons, … ago, 2 % of a season early or late; the nearest counts.
 * It finds what self-similarity.ts cannot: the morning rise that did not come, a day without a peak.
 * When it misleads: a season longer than 1,000 values goes unseen, and so does a week's rhythm where days are alike enough.
 * Source: average magnitude difference function (Ross et al., IEEE ASSP 1974), squared, as a pitch detector uses it; the mean as
 * the bar is the normalisation of YIN (de Cheveigné and Kawahara 2002).
 *
 *   // 24 values a day, on from 9 to 18, ten days; on day 11 nothing happens → from 9 on { expected: 80, distance: 60 }
 */
import type { RecentValues } from './recent-values.js';
import { LAGS } from './self-similarity.js';

/** A season shows in hundreds of values: comparing every fourth is enough and costs a quarter. */
const COMPARE_EVERY = 4;
/** Looks back over about 1,000 values, 250 comparisons. */
const KEEP = 0.996;
const LOOK_FOR_SEASON_EVERY = 50;
/** YIN's first threshold for a pitch is 0.1 to 0.2 for voices; telemetry is noisier. */
const CLEAR_SEASON = 0.5;
/** Days do not begin to the minute. */
const TOLERANCE = 0.02;

export interface Seasonal {
  readonly period: number;
  readonly expected: number;
  readonly distance: number;
}

export class Season {
  private readonly differences = new Float64Array(LAGS + 1);
  private readonly values: RecentValues;
  private readonly levels: RecentValues;
  private seen = 0;
  private period: number | null = null;

  /** What came before; who made it adds to it. */
  constructor(values: RecentValues, levels: RecentValues) {
    this.values = values;
    this.levels = levels;
  }

  /** Called before `value` and `level` are among the recent ones. */
  next(value: number, level: number): Seasonal | null {
    if (this.seen % COMPARE_EVERY === 0) this.compare(value);
    if (this.seen % LOOK_FOR_SEASON_EVERY === 0) this.period = this.findPeriod();
    const seasonal = this.period === null ? null : this.nearest(level, this.period);
    this.seen += 1;
    return seasonal;
  }

  private compare(value: number): void {
    const { differences, values } = this;
    for (let lag = 1; lag <= values.length; lag += 1) {
      const difference = value - values.values[values.end - lag]!;
      differences[lag] = KEEP * differences[lag]! + difference * difference;
    }
  }

  /** Only lags are judged that were compared over one season or more. */
  private findPeriod(): number | null {
    const longest = Math.min(this.values.length, Math.floor(this.seen / 2));
    const means = this.meanDifferences(longest);
    const bar = means.reduce((sum, mean) => sum + mean, 0) / longest;
    const from = means.findIndex((mean) => mean >= bar);
    if (from < 0) return null;
    let best = from;
    for (let index = from; index < longest; index += 1) if (means[index]! < means[best]!) best = index;
    return means[best]! < CLEAR_SEASON * bar ? best + 1 : null;
  }

  /** Long lags were compared less often: each sum is divided by the weights in it. */
  private meanDifferences(longest: number): Float64Array {
    const comparisonsOf = (lag: number) => Math.ceil((this.seen - lag) / COMPARE_EVERY);
    let faded = KEEP ** comparisonsOf(1);
    return Float64Array.from({ length: longest }, (_, index) => {
      if (comparisonsOf(index + 1) < comparisonsOf(index)) faded /= KEEP;
      return (this.differences[index + 1]! * (1 - KEEP)) / (1 - faded);
    });
  }

  private nearest(level: number, period: number): Seasonal {
    const { levels } = this;
    const slack = Math.ceil(TOLERANCE * period);
    let [expected, distance] = [Number.NaN, Infinity];
    for (let season = period; season - slack <= levels.length; season += period) {
      const last = Math.min(season + slack, levels.length);
      for (let lag = Math.max(1, season - slack); lag <= last; lag += 1) {
        const then = levels.ago(lag);
        if (Math.abs(level - then) < distance) [expected, distance] = [then, Math.abs(level - then)];
      }
    }
    return { period, expected, distance };
  }
}
