/**
 * Brunner-Munzel: how often is a value of the first sample the larger one of a pair?
 *
 * in: two samples as counts over the same ordered buckets → out: that probability, and its standard error
 *
 * Rule: compare every pair; a tie, here two values in one bucket, counts half. 0.5 means neither tends to be larger. The
 * standard error comes from how the placements of each sample vary, so ties and unequal spreads are handled, which the
 * Mann-Whitney test does not do.
 * When it misleads: it is asymptotic: below about 50 values on either side the normal distribution is too narrow for it.
 * Values in one bucket cannot be told apart, so a shift inside a wide bucket stays unseen.
 * Source: E. Brunner and U. Munzel, The nonparametric Behrens-Fisher problem, Biometrical Journal 42 (2000).
 *
 *   brunnerMunzel([0, 5], [5, 0]).larger // 1: every value of the first sample lies in the higher bucket
 */
export interface Superiority {
  /** Probability that the first is larger, ties counted half. */
  readonly larger: number;
  readonly standardError: number;
}

export function brunnerMunzel(first: readonly number[], second: readonly number[]): Superiority {
  const [firstTotal, secondTotal] = [sum(first), sum(second)];
  const placesOfFirst = placements(second);
  const larger = mean(placesOfFirst, first, firstTotal);
  const variance =
    variation(placesOfFirst, first, firstTotal) / firstTotal +
    variation(placements(first), second, secondTotal) / secondTotal;
  return { larger, standardError: Math.sqrt(variance) };
}

/** For each bucket: the share of the sample below it, and half of the share in it. */
function placements(counts: readonly number[]): number[] {
  const total = sum(counts);
  let below = 0;
  return counts.map((count) => {
    const place = (below + count / 2) / total;
    below += count;
    return place;
  });
}

function variation(values: readonly number[], weights: readonly number[], total: number): number {
  const centre = mean(values, weights, total);
  return sum(values.map((value, at) => (weights[at] ?? 0) * (value - centre) ** 2)) / (total - 1);
}

function mean(values: readonly number[], weights: readonly number[], total: number): number {
  return sum(values.map((value, at) => (weights[at] ?? 0) * value)) / total;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
