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
import { PERIOD_SECONDS, share, targetsOf } from './error-budget.js';
import type { Target } from './error-budget.js';
import { sumSince } from './tally.js';
import type { Tally } from './tally.js';

export interface BurnWindow {
  /** Share of the whole budget that is spent when the rate was its factor over the long window. */
  readonly budgetShare: number;
  readonly longHours: number;
  readonly shortHours: number;
  readonly severity: 'page' | 'ticket';
}

const HOUR_SECONDS = 3_600;
/** The workbook's table, for the rates shown here and for the alert rules of Prometheus. */
export const BURN_WINDOWS: readonly BurnWindow[] = [
  { budgetShare: 0.02, longHours: 1, shortHours: 1 / 12, severity: 'page' },
  { budgetShare: 0.05, longHours: 6, shortHours: 0.5, severity: 'page' },
  { budgetShare: 0.1, longHours: 72, shortHours: 6, severity: 'ticket' },
];

/** factorOf({ budgetShare: 0.02, longHours: 1 }) // 14.4: at this rate an hour costs 2 % of a month's budget */
export function factorOf({ budgetShare, longHours }: Pick<BurnWindow, 'budgetShare' | 'longHours'>): number {
  return Number(((budgetShare * PERIOD_SECONDS) / (longHours * HOUR_SECONDS)).toFixed(6));
}

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
      const { severity } = window;
      const factor = factorOf(window);
      const [longSeconds, shortSeconds] = [window.longHours, window.shortHours].map(
        (hours) => hours * HOUR_SECONDS,
      ) as [number, number];
      const inLong = sumSince(tallies, now, longSeconds);
      const inShort = sumSince(tallies, now, shortSeconds);
      const long = rate(inLong[bad], inLong.requests, target);
      const short = rate(inShort[bad], inShort.requests, target);
      const enough = inLong.requests >= objectives.leastRequests;
      const tooFast = enough && (long ?? 0) > factor && (short ?? 0) > factor;
      return { objective: name, severity, longSeconds, shortSeconds, factor, long, short, tooFast };
    }),
  );
}

function rate(bad: number, requests: number, target: number): number | null {
  return requests === 0 ? null : bad / requests / share(1 - target);
}
