/**
 * Jensen–Shannon distance: how unlike two distributions over the same categories are, from 0 (equal) to √ln 2 = 0.83 (nothing shared).
 *
 * in:  counts of the reference [30, 50, 20] and of today [40, 40, 20]
 * out: 0.07995…
 *
 * Rule: the square root of the mean relative entropy (in nats) of each distribution against the middle of both.
 *
 * When it misleads: with many categories and few rows, chance alone is far from 0: √(k/8 · (1/m + 1/n)) for k categories, so 229
 * airports and two samples of 2,000 have 0.17 without any drift. Count all rows, not a sample of them.
 *
 * Source: J. Lin, "Divergence measures based on the Shannon entropy" (1991); SciPy's `jensenshannon`, base e as in Evidently.
 */
export function jensenShannon(reference: readonly number[], today: readonly number[]): number {
  if (reference.length !== today.length) {
    throw new RangeError(`jensenShannon: expected ${reference.length} categories, got ${today.length}`);
  }
  const [before, now] = [sum(reference), sum(today)];
  if (before === 0 || now === 0)
    throw new RangeError('jensenShannon: expected two samples, got an empty one');
  const divergence = reference.reduce((total, count, i) => {
    const [p, q] = [count / before, (today[i] ?? 0) / now];
    const middle = (p + q) / 2;
    return total + relativeEntropy(p, middle) / 2 + relativeEntropy(q, middle) / 2;
  }, 0);
  // Rounding may leave a −10⁻¹⁷.
  return Math.sqrt(Math.max(divergence, 0));
}

function relativeEntropy(p: number, q: number): number {
  return p === 0 ? 0 : p * Math.log(p / q);
}

function sum(counts: readonly number[]): number {
  return counts.reduce((total, count) => total + count, 0);
}
