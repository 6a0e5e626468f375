/**
 * Traffic: what the request histogram has counted, and what of it fell into a window.
 *
 * in: values of the histogram → out: Traffic
 *
 * Rule: counters only grow, so a window is the difference of two readings.
 * p95 is found as Prometheus' `histogram_quantile` does (service-chassis/histogram-quantile): linear inside the bucket in which it falls.
 * When it misleads: inside a bucket the true value may lie anywhere; above the last bound the last bound is the answer.
 * Source: https://prometheus.io/docs/prometheus/latest/querying/functions/#histogram_quantile
 *
 *   quantile(0.5, [{ le: 1, count: 10 }, { le: Infinity, count: 20 }]) // 1: the tenth of twenty ends the first bucket
 */
import { histogramQuantile } from 'service-chassis/histogram-quantile';

export interface Bucket {
  /** Upper bound in seconds. */
  le: number;
  /** Requests up to this bound. */
  count: number;
}

export interface Traffic {
  requests: number;
  failed: number;
  buckets: readonly Bucket[];
}

/** One value of a prom-client histogram. */
export interface HistogramValue {
  metricName?: string;
  labels: Partial<Record<string, string | number>>;
  value: number;
}

const BOARD_ROUTE = /^\/v1\/flights(?:\/|$)/;
const FAILED_STATUS = /^(?:5\d\d|499)$/;

export function trafficOf(values: readonly HistogramValue[]): Traffic {
  let [requests, failed] = [0, 0];
  const counts = new Map<number, number>();
  for (const { metricName = '', labels, value } of values) {
    if (!BOARD_ROUTE.test(String(labels['http_route']))) continue;
    if (metricName.endsWith('_bucket')) {
      const le = labels['le'] === '+Inf' ? Infinity : Number(labels['le']);
      counts.set(le, (counts.get(le) ?? 0) + value);
    }
    if (metricName.endsWith('_count')) {
      requests += value;
      if (FAILED_STATUS.test(String(labels['http_response_status_code']))) failed += value;
    }
  }
  const buckets = [...counts].map(([le, count]) => ({ le, count })).sort((a, b) => a.le - b.le);
  return { requests, failed, buckets };
}

/** What was counted between two readings. */
export function between(earlier: Traffic, later: Traffic): Traffic {
  const before = new Map(earlier.buckets.map(({ le, count }) => [le, count]));
  return {
    requests: later.requests - earlier.requests,
    failed: later.failed - earlier.failed,
    buckets: later.buckets.map(({ le, count }) => ({ le, count: count - (before.get(le) ?? 0) })),
  };
}

/** @returns undefined when nothing was counted. */
export function quantile(q: number, buckets: readonly Bucket[]): number | undefined {
  const all = buckets.map(({ le, count }) => ({ upperBound: le, cumulative: count }));
  const value = histogramQuantile(q, all);
  return Number.isNaN(value) ? undefined : value;
}
