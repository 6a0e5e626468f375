/**
 * Persistence: k of the last n values must be outside before an anomaly counts.
 *
 * in: a signal's query, the step and the rate window → out: k and n
 *
 * Rule: a gauge shows the moment, so 4 of 5. A rate, ratio or quantile looks back over a window, so one bad second is
 * seen in every evaluation until it leaves the window: only what outlasts the window is still going on.
 * When it misleads: trouble shorter than that is never an incident, however bad.
 * Source: "M out of N" datapoints, as alarms of Amazon CloudWatch are evaluated.
 *
 *   persistenceOf('gauge', { stepMs: 2_000, rateWindowMs: 15_000 }) // { k: 4, n: 5 }
 *   persistenceOf('ratio', { stepMs: 2_000, rateWindowMs: 15_000 }) // { k: 9, n: 10 }
 */
import type { Query } from '../collect/query.js';

export interface Persistence {
  readonly k: number;
  readonly n: number;
}

export interface Sampling {
  /** Time between two evaluations. */
  readonly stepMs: number;
  /** How far rates look back. */
  readonly rateWindowMs: number;
}

export function persistenceOf(kind: Query['kind'], { stepMs, rateWindowMs }: Sampling): Persistence {
  const k = kind === 'gauge' ? 4 : Math.ceil(rateWindowMs / stepMs) + 1;
  return { k, n: k + 1 };
}

/** Are at least k of the last n true? */
export function persists(outside: readonly boolean[], { k, n }: Persistence): boolean {
  return outside.slice(-n).filter(Boolean).length >= k;
}
