/**
 * Season: is this series where it should be in its season?
 *
 * in: one value and its level → out: what was expected and how far the level is from it; null without a season
 *
 * Rule: the level is compared with the levels one season, two seasons, … ago (season-period.ts), 2 % of a season early or late; the
 * nearest counts.
 * It finds what self-similarity.ts cannot: the morning rise that did not come, a day without a peak.
 * When it misleads: on a holiday; on Saturdays, until one is within reach.
 *
 *   // 24 values a day, on from 9 to 18, ten days; on day 11 nothing happens → from 9 on { expected: 80, distance: 60 }
 */
import type { RecentValues } from './recent-values.js';
import { SeasonPeriod, slackOf } from './season-period.js';

export interface Seasonal {
  readonly period: number;
  readonly expected: number;
  readonly distance: number;
}

export class Season {
  private readonly levels: RecentValues;
  private readonly period: SeasonPeriod;

  /** What came before; whoever made it adds to it. */
  constructor(values: RecentValues, levels: RecentValues) {
    this.levels = levels;
    this.period = new SeasonPeriod(values);
  }

  /** Called before `value` and `level` are among the recent ones. */
  next(value: number, level: number): Seasonal | null {
    const period = this.period.next(value);
    return period === null ? null : this.nearest(level, period);
  }

  private nearest(level: number, period: number): Seasonal {
    const { levels } = this;
    const slack = slackOf(period);
    let [expected, distance] = [Number.NaN, Infinity];
    for (let season = period; season - slack <= levels.length; season += period) {
      const last = Math.min(season + slack, levels.length);
      for (let lag = season - slack; lag <= last; lag += 1) {
        const then = levels.ago(lag);
        if (Math.abs(level - then) < distance) [expected, distance] = [then, Math.abs(level - then)];
      }
    }
    return { period, expected, distance };
  }
}
