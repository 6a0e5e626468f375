/** Metrics of services at regular intervals: what every tracing or mesh system exports (rate, errors, duration). */

/** One value for each interval; null where nothing was measured. */
export type Series = readonly (number | null)[];

export interface ServiceMetrics {
  readonly requests: Series;
  /** Mean of the interval. */
  readonly latencySeconds: Series;
  /** Failed requests / requests, 0 to 1. */
  readonly failedShare: Series;
}

export type MetricTable = ReadonlyMap<string, ServiceMetrics>;

/** In which way a service is in trouble. */
export type TroubleKind = 'latency' | 'errors';

/** How far one service is from its normal, over some intervals. */
export interface Excess {
  /** Lost seconds, or failed requests too many, in the mean interval. */
  readonly perInterval: number;
  /** Distance from normal in usual spreads. */
  readonly unusual: number;
  readonly expected: number;
  readonly seen: number;
}

/** Values of those intervals in which both were measured. */
export function pairs(one: Series, other: Series): [one: number, other: number][] {
  return one.flatMap((value, index): [number, number][] => {
    const partner = other[index] ?? null;
    return value === null || partner === null ? [] : [[value, partner]];
  });
}
