/**
 * Latency buckets: a histogram of latencies, read as a distribution.
 *
 * in: cumulative buckets → out: counts, shares and quantiles
 *
 * Rule: two versions are compared on the bounds that both have. Between two bounds answers are taken as spread evenly
 * on a logarithmic scale, as latencies and their buckets grow; in the first bucket, which begins at 0, evenly in time.
 * When it misleads: inside a bucket the true latency may lie anywhere. Quantiles for people are those of traffic.ts, linear as
 * Prometheus' `histogram_quantile` gives them, so that they agree with its dashboards.
 * Source: exponential interpolation of Prometheus' native histograms (version 3.0, 2024). Taken here because releases that are
 * slower by exactly what is tolerated show the difference: see the lines "at the limit" of `npm run bench:canary -w devops-demo`.
 */
import { quantile } from '../traffic.js';
import type { LatencyBucket } from './measurements.js';

type Latency = readonly LatencyBucket[];

export function answersIn(latency: Latency): number {
  return latency.at(-1)?.count ?? 0;
}

/** The bounds that both histograms have, in order. */
export function commonBounds(one: Latency, other: Latency): number[] {
  const known = new Set(other.map(({ upToSeconds }) => upToSeconds));
  return one.map(({ upToSeconds }) => upToSeconds).filter((bound) => known.has(bound));
}

/** Answers up to any time; beyond the last finite bound nothing is known. */
export function answersWithin(latency: Latency, seconds: number): number {
  let below: LatencyBucket = { upToSeconds: 0, count: 0 };
  for (const bucket of latency) {
    if (seconds <= bucket.upToSeconds) {
      if (bucket.upToSeconds === Infinity) return seconds === Infinity ? bucket.count : below.count;
      const part = partOfBucket(below.upToSeconds, seconds, bucket.upToSeconds);
      return below.count + part * (bucket.count - below.count);
    }
    below = bucket;
  }
  return below.count;
}

function partOfBucket(low: number, seconds: number, high: number): number {
  return low === 0 ? seconds / high : Math.log(seconds / low) / Math.log(high / low);
}

/** How many answers lie between each bound and the one before, were each answer slower by a factor, and by so many seconds at least. */
export function countsBetween(
  latency: Latency,
  bounds: readonly number[],
  { factor, seconds } = { factor: 1, seconds: 0 },
): number[] {
  const upTo = bounds.map((bound) =>
    answersWithin(latency, Math.max(0, Math.min(bound / factor, bound - seconds))),
  );
  return upTo.map((count, at) => Math.max(0, count - (upTo[at - 1] ?? 0)));
}

/** @returns 0 when nothing was answered. */
export function latencyQuantile(q: number, latency: Latency): number {
  return (
    quantile(
      q,
      latency.map(({ upToSeconds, count }) => ({ le: upToSeconds, count })),
    ) ?? 0
  );
}
