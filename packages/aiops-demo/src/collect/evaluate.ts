/**
 * Answers a question from scraped samples, as Prometheus would answer its PromQL.
 *
 * in: Query, series, instant → out: a number (NaN where it divides nothing by nothing), or undefined: no data at all
 *
 * Rule: a gauge is the newest sample of the last five minutes, unless its series has ended. Counters: rate of each
 * series first, then the sum. A ratio whose part has no series is 0. A quantile sums the buckets' rates by `le`.
 * Misleads when: a ratio is of very few requests (1 of 2 failed is "50 %"); a p95 mixes two kinds of request; a
 * process is young: each series is stretched on its own, and 1 failure in 7 requests came out as 2/9 in its first seconds.
 * Source: https://prometheus.io/docs/prometheus/latest/querying/basics/ and .../querying/operators/ (2.42).
 *
 * Example: up is 1 in two series and 0 in a third; {kind: 'gauge', pick: 'min', of: up} → 0
 */
import { histogramQuantile } from 'service-chassis/histogram-quantile';
import { readValue } from './exposition-words.js';
import type { Query, Selector } from './query.js';
import { rate } from './rate.js';
import type { Series } from './samples.js';

/** Prometheus' default (`--query.lookback-delta`): the age at which a gauge's last value is no answer any more. */
const LOOKBACK_MS = 5 * 60_000;

/** When to evaluate, in milliseconds since 1970, and how far back a rate looks. */
export interface Instant {
  at: number;
  windowMs: number;
}

export function evaluate(
  query: Query,
  select: (selector: Selector) => readonly Series[],
  instant: Instant,
): number | undefined {
  if (query.kind === 'gauge') return pick(query.pick, newestValues(select(query.of), instant.at));
  if (query.kind === 'rate') return sum(rates(select(query.of), instant));
  if (query.kind === 'ratio') {
    const whole = sum(rates(select(query.whole), instant));
    const part = sum(rates(select(query.part), instant)) ?? 0;
    return whole === undefined ? undefined : part / whole;
  }
  const buckets = ratesByBound(select(query.of), instant);
  return buckets.length === 0 ? undefined : histogramQuantile(query.quantile, buckets);
}

function newestValues(series: readonly Series[], at: number): number[] {
  return series.flatMap(({ points }) => {
    const newest = points.findLast((point) => point.at <= at);
    if (newest === undefined || newest.value === 'stale' || newest.at <= at - LOOKBACK_MS) return [];
    return [newest.value];
  });
}

/** NaN is picked only when there is nothing else. */
function pick(which: 'max' | 'min', values: readonly number[]): number | undefined {
  if (values.length === 0) return undefined;
  const numbers = values.filter((value) => !Number.isNaN(value));
  return numbers.length === 0 ? Number.NaN : Math[which](...numbers);
}

function rates(series: readonly Series[], { at, windowMs }: Instant): number[] {
  return series.flatMap(({ points }) => rate(points, at, windowMs) ?? []);
}

function sum(values: readonly number[]): number | undefined {
  return values.length === 0 ? undefined : values.reduce((total, value) => total + value, 0);
}

function ratesByBound(series: readonly Series[], instant: Instant) {
  const byBound = new Map<number, number>();
  for (const one of series) {
    const upperBound = readValue(one.labels.get('le') ?? '');
    const perSecond = rate(one.points, instant.at, instant.windowMs);
    if (upperBound === undefined || perSecond === undefined) continue;
    byBound.set(upperBound, (byBound.get(upperBound) ?? 0) + perSecond);
  }
  return [...byBound].map(([upperBound, cumulative]) => ({ upperBound, cumulative }));
}
