/**
 * Two-sample Kolmogorov–Smirnov test: how far do the distribution functions of two samples lie apart at most, and can that be chance?
 *
 * in:  [1, 2, 3, 4] and [3, 4, 5, 6, 7]
 * out: { statistic: 0.6, p: 0.2857142857142857, method: 'exact' }
 *
 * Rule: the statistic is the largest vertical distance of the two step functions. p is exact for samples of at most 10,000 (the
 * share of all ways to mix the two samples that come as far apart, counted on a lattice); above, the distribution of the one-sample
 * statistic with n = m·n/(m + n) stands in for it. That is what SciPy's default (`method='auto'`) does.
 *
 * When it misleads: with many rows everything is significant: 20,000 rows see a shift of 2 % of a deviation. It assumes continuous
 * values (ties make it cautious) and rows that do not depend on each other; flights of one storm do.
 *
 * Source: J. Hodges, "The significance probability of the Smirnov two-sample test" (1958); SciPy's `ks_2samp`.
 */
import { kolmogorovTail } from './kolmogorov-tail.js';
import { sorted } from './sorted.js';

export interface KolmogorovSmirnovTest {
  statistic: number;
  p: number;
  method: 'exact' | 'asymptotic';
}

/** Like SciPy's MAX_AUTO_N. */
const MOST_EXACT = 10_000;
/** Below (one of the samples has fewer rows), the exact form is kept: it is right, and cheap enough. SciPy approximates there too. */
const LEAST_ASYMPTOTIC = 1_000;

/** @param reference @param today any order; no NaN */
export function kolmogorovSmirnov(reference: Float64Array, today: Float64Array): KolmogorovSmirnovTest {
  const [m, n] = [reference.length, today.length];
  if (m === 0 || n === 0) throw new RangeError('kolmogorovSmirnov: expected two samples, got an empty one');
  const statistic = largestDistance(sorted(reference), sorted(today));
  const effective = Math.round((m * n) / (m + n));
  if (Math.max(m, n) > MOST_EXACT && effective >= LEAST_ASYMPTOTIC) {
    return { statistic, p: kolmogorovTail(effective, statistic), method: 'asymptotic' };
  }
  return { statistic, p: shareOfPathsOutside(m, n, statistic), method: 'exact' };
}

function largestDistance(a: Float64Array, b: Float64Array): number {
  let [i, j, largest] = [0, 0, 0];
  while (i < a.length && j < b.length) {
    const value = Math.min(a[i]!, b[j]!);
    while (i < a.length && a[i] === value) i++;
    while (j < b.length && b[j] === value) j++;
    largest = Math.max(largest, Math.abs(i / a.length - j / b.length));
  }
  return largest;
}

/**
 * Mixing two samples is walking from (0, 0) to (m, n), one step a value. The chance that a random walk touches a point where
 * |i/m − j/n| ≥ d: at such a point it is 1; elsewhere the last step came from the left with i chances in i + j, else from below.
 */
function shareOfPathsOutside(m: number, n: number, distance: number): number {
  // In whole numbers, so that equality is equality: |i·n − j·m| ≥ d·m·n.
  const limit = Math.round(distance * m * n);
  if (limit === 0) return 1;
  const column = new Float64Array(n + 1).fill(1);
  for (let i = 0; i <= m; i++) {
    // Only the band along the diagonal is inside; around it everything stays 1.
    const low = Math.max(Math.floor((i * n - limit) / m) + 1, 0);
    const high = Math.min(Math.ceil((i * n + limit) / m) - 1, n);
    if (low > 0) column[low - 1] = 1;
    for (let j = low; j <= high; j++) {
      if (i + j === 0) column[j] = 0;
      else column[j] = (column[j]! * i + (j === 0 ? 0 : column[j - 1]! * j)) / (i + j);
    }
  }
  return column[n]!;
}
