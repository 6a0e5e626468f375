/**
 * The report on the service level: budgets, burn rates, and whether releases are frozen.
 *
 * in: Tally[], Objectives → out: SloReport, as GET /v1/delivery/slo answers and `devops slo` prints
 */
import { mayRelease } from '../may-release.js';
import type { Objectives } from '../slo.js';
import { burnRates } from './burn-rate.js';
import type { BurnRate } from './burn-rate.js';
import { PERIOD_SECONDS, budgetSentence, errorBudgets } from './error-budget.js';
import type { Budget } from './error-budget.js';
import type { Tally } from './tally.js';

export interface SloReport {
  objectives: Objectives;
  periodSeconds: number;
  budgets: Budget[];
  burnRates: BurnRate[];
  /** An empty budget freezes releases. */
  frozen: boolean;
  because: string;
}

export function sloReport(tallies: readonly Tally[], now: Date, objectives: Objectives): SloReport {
  const budgets = errorBudgets(tallies, now, objectives);
  const { kind } = mayRelease({ budgets });
  return {
    objectives,
    periodSeconds: PERIOD_SECONDS,
    budgets,
    burnRates: burnRates(tallies, now, objectives),
    frozen: kind === 'refused',
    because: budgets.map(budgetSentence).join('; '),
  };
}

export function sloSentences({ budgets, burnRates, frozen }: SloReport): string[] {
  return [
    ...budgets.map(budgetSentence),
    ...burnRates.map(({ objective, longSeconds, shortSeconds, long, short, factor, tooFast, severity }) => {
      const rates = `burn rate ${shown(long)} over ${hours(longSeconds)}, ${shown(short)} over ${hours(shortSeconds)}`;
      return `${objective}: ${rates} (limit ${factor}${tooFast ? `: too fast, ${severity}` : ''})`;
    }),
    frozen ? 'releases are frozen' : 'releases are allowed',
  ];
}

function shown(rate: number | null): string {
  return rate === null ? 'unknown' : rate.toFixed(1);
}

function hours(seconds: number): string {
  return seconds < 3_600 ? `${seconds / 60} min` : `${seconds / 3_600} h`;
}
