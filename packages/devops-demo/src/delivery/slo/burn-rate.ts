/**
 * Burn rate: how many times faster than allowed is the error budget being spent?
 *
 * in: Tally[], Objectives → out: BurnRate for each objective and each pair of windows
 *
 * Rule: burn rate = share of bad requests in a window / (1 - target); 1 spends exactly the budget in the period. It is too fast when it
 * is above its factor in the long window (enough is gone to matter) and in the short one (it is still going on).
 * When it misleads: with few requests one bad one is a high rate; below the objectives' least requests in the long window it is never too fast.
 * Source: B. Beyer and others, The Site Reliability Workbook (2018), chapter 5, table 5-8: 2 % of a month's budget in an hour,
 * 5 % in six hours, 10 % in three days; the short window is a twelfth of the long one.
 *
 *   burn rate 14.4 for one hour = 14.4 × 1 h / 720 h = 2 % of the month's budget
 */
import type { Objectives } from '../slo.js';
import { share, targetsOf } from './error-budget.js';
import type { Target } from './error-budget.js';
import { sumSince } from './tally.js';
import type { Tally } from './tally.js';

const HOUR_SECONDS = 3_600;

export const BURN_WINDOWS = [
  { longSeconds: HOUR_SECONDS, shortSeconds: HOUR_SECONDS / 12, factor: 14.4, severity: 'page' },
  { longSeconds: 6 * HOUR_SECONDS, shortSeconds: HOUR_SECONDS / 2, factor: 6, severity: 'page' },
  { longSeconds: 72 * HOUR_SECONDS, shortSeconds: 6 * HOUR_SECONDS, factor: 1, severity: 'ticket' },
] as const;

export interface BurnRate {
  objective: Target['name'];
  severity: 'page' | 'ticket';
  longSeconds: number;
  shortSeconds: number;
  factor: number;
  /** Null without requests in the window. */
  long: number | null;
  short: number | null;
  tooFast: boolean;
}

export function burnRates(tallies: readonly Tally[], now: Date, objectives: Objectives): BurnRate[] {
  return targetsOf(objectives).flatMap(({ name, target, bad }) =>
    BURN_WINDOWS.map((window) => {
      const inLong = sumSince(tallies, now, window.longSeconds);
      const inShort = sumSince(tallies, now, window.shortSeconds);
      const long = rate(inLong[bad], inLong.requests, target);
      const short = rate(inShort[bad], inShort.requests, target);
      const enough = inLong.requests >= objectives.leastRequests;
      const tooFast = enough && (long ?? 0) > window.factor && (short ?? 0) > window.factor;
      return { objective: name, ...window, long, short, tooFast };
    }),
  );
}

function rate(bad: number, requests: number, target: number): number | null {
  return requests === 0 ? null : bad / requests / share(1 - target);
}
