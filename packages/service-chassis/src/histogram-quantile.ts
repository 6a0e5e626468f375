/**
 * histogram_quantile(): a quantile from counts in buckets.
 *
 * in: rate or count of each bucket (`le` and all below it) → out: the quantile; NaN where nothing was observed, or no bucket is +Inf
 *
 * Rule: find the bucket that holds the rank q × total, and go through it in a straight line from its lower to its upper
 * bound. A rank in the +Inf bucket answers with the highest finite bound.
 * Misleads when: buckets are wide. The answer lies somewhere in the right bucket, and that is all one knows: with
 * bounds 0.1 and 0.2 a p95 of 0.195 may truly be 0.11. Nothing above the highest finite bound can ever be seen.
 * Source: https://prometheus.io/docs/prometheus/latest/querying/functions/#histogram_quantile, checked against 2.42.
 *
 * Example: le 0.1 → 80, le 0.2 → 100, le +Inf → 100, q 0.95: rank 95 is 15 of the 20 between 0.1 and 0.2 → 0.175
 */

export interface Bucket {
  /** The label `le`: upper bound, included. */
  upperBound: number;
  /** Everything up to the bound, smaller buckets included. */
  cumulative: number;
}

export function histogramQuantile(quantile: number, buckets: readonly Bucket[]): number {
  const sorted = neverFalling(mergeEqualBounds(buckets));
  const top = sorted.at(-1);
  if (top === undefined || sorted.length < 2 || top.upperBound !== Number.POSITIVE_INFINITY)
    return Number.NaN;
  if (top.cumulative === 0 || Number.isNaN(top.cumulative) || Number.isNaN(quantile)) return Number.NaN;
  if (quantile < 0) return Number.NEGATIVE_INFINITY;
  if (quantile > 1) return Number.POSITIVE_INFINITY;

  const rank = quantile * top.cumulative;
  const index = sorted.findIndex((bucket) => bucket.cumulative >= rank);
  const bucket = sorted[index] ?? top;
  const below = sorted[index - 1];
  if (bucket === top) return sorted.at(-2)?.upperBound ?? Number.NaN;
  if (below === undefined && bucket.upperBound <= 0) return bucket.upperBound;
  const [lowerBound, countBelow] = [below?.upperBound ?? 0, below?.cumulative ?? 0];
  const share = (rank - countBelow) / (bucket.cumulative - countBelow);
  return lowerBound + (bucket.upperBound - lowerBound) * share;
}

/** 0.5 and 0.50 are one bound written twice. */
function mergeEqualBounds(buckets: readonly Bucket[]): Bucket[] {
  const merged = new Map<number, number>();
  for (const { upperBound, cumulative } of buckets)
    merged.set(upperBound, (merged.get(upperBound) ?? 0) + cumulative);
  return [...merged]
    .map(([upperBound, cumulative]) => ({ upperBound, cumulative }))
    .sort((a, b) => (a.upperBound < b.upperBound ? -1 : 1));
}

/** Buckets of one histogram are not read at one instant, so a lower one can be ahead by a little. */
function neverFalling(sorted: readonly Bucket[]): Bucket[] {
  let highest = Number.NEGATIVE_INFINITY;
  return sorted.map(({ upperBound, cumulative }) => {
    highest = cumulative > highest ? cumulative : highest;
    return { upperBound, cumulative: Math.max(highest, cumulative) };
  });
}
