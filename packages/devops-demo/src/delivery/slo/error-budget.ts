/**
 * Error budget: how many bad requests the objectives still allow.
 *
 * in: Tally[] of the last thirty days, Objectives → out: Budget for each objective
 *
 * Rule: budget = (1 - target) × requests of the period; spent = bad requests; remaining = 1 - spent / budget, as a share. The budget is
 * empty when nothing remains. Below BUDGET_LEAST_REQUESTS it is unknown: it would be less than five requests.
 * When it misleads: a young installation has seen little traffic, so its budget is small and one bad minute empties it; more good
 * traffic fills it again. What users did not ask for while the service was down is in no tally.
 * Source: B. Beyer and others, The Site Reliability Workbook (2018), chapters 2 and 5; the period of thirty days as in chapter 5.
 *
 *   errorBudgets([{ at, requests: 10_000, failed: 20, slow: 100 }], now, OBJECTIVES)
 *   // success: 50 allowed, 20 spent, 60 % remain; latency: 500 allowed, 100 spent, 80 % remain
 */
import type { Objectives } from '../slo.js';
import { sumSince } from './tally.js';
import type { Tally } from './tally.js';

export const PERIOD_SECONDS = 30 * 24 * 3_600;
/** 0.5 % of this is five requests. */
export const BUDGET_LEAST_REQUESTS = 1_000;

/** One objective as a share of requests that must be good. */
export interface Target {
  name: 'success' | 'latency';
  /** Share of requests that must be good. */
  target: number;
  bad: 'failed' | 'slow';
}

export interface Budget {
  objective: Target['name'];
  target: number;
  requests: number;
  /** Bad requests that the objective allows for so many requests. */
  allowed: number;
  spent: number;
  /** Share of the budget, below 0 when it is overdrawn; null while it is unknown. */
  remaining: number | null;
  state: 'unknown' | 'left' | 'empty';
}

export function targetsOf({ successRatio, inTimeRatio }: Objectives): Target[] {
  return [
    { name: 'success', target: successRatio, bad: 'failed' },
    { name: 'latency', target: inTimeRatio, bad: 'slow' },
  ];
}

export function errorBudgets(tallies: readonly Tally[], now: Date, objectives: Objectives): Budget[] {
  const sum = sumSince(tallies, now, PERIOD_SECONDS);
  return targetsOf(objectives).map(({ name, target, bad }) => {
    const allowed = share(1 - target) * sum.requests;
    const spent = sum[bad];
    const about = { objective: name, target, requests: sum.requests, allowed, spent };
    if (sum.requests < BUDGET_LEAST_REQUESTS) return { ...about, remaining: null, state: 'unknown' };
    return { ...about, remaining: 1 - spent / allowed, state: spent < allowed ? 'left' : 'empty' };
  });
}

/** 1 - 0.995 is not 0.005 in binary; a budget that is spent exactly must be empty. */
export function share(value: number): number {
  return Number(value.toFixed(9));
}

/** budgetSentence(success) // 'success: 60.0 % of the error budget remain (20 of 50 allowed bad requests of 10000)' */
export function budgetSentence({ objective, requests, allowed, spent, remaining }: Budget): string {
  const counts = `${spent} of ${Math.floor(allowed)} allowed bad requests of ${requests}`;
  if (remaining === null)
    return `${objective}: the error budget is unknown below ${BUDGET_LEAST_REQUESTS} requests (${requests} so far)`;
  if (remaining <= 0) return `${objective}: the error budget is empty (${counts})`;
  return `${objective}: ${(remaining * 100).toFixed(1)} % of the error budget remain (${counts})`;
}
