/**
 * Wasserstein-1 distance: how far values have to be carried, on average, to turn one sample into the other (earth mover's distance).
 *
 * in:  [0, 1, 3] and [5, 6, 8]
 * out: 5
 *
 * Rule: the area between the two empirical distribution functions. It has the unit of the values; divided by the reference's standard
 * deviation (`normedWasserstein`) it can be compared between columns, and 0.1 is Evidently's limit.
 *
 * When it misleads: one wild outlier can carry it. And chance alone gives about 1/√n: 0.04 with two samples of 1,000.
 *
 * Source: L. Vaserstein (1969); SciPy's `wasserstein_distance`; Evidently's norm is `max(std, 0.001)`, the population's deviation.
 */
import { sorted } from './sorted.js';

const SMALLEST_DEVIATION = 0.001;

/** @param reference @param today any order; no NaN, not empty */
export function wasserstein(reference: Float64Array, today: Float64Array): number {
  if (reference.length === 0 || today.length === 0) {
    throw new RangeError('wasserstein: expected two samples, got an empty one');
  }
  const [a, b] = [sorted(reference), sorted(today)];
  let [i, j, area] = [0, 0, 0];
  let at = Math.min(a[0]!, b[0]!);
  while (i < a.length || j < b.length) {
    const next = Math.min(a[i] ?? Infinity, b[j] ?? Infinity);
    area += Math.abs(i / a.length - j / b.length) * (next - at);
    at = next;
    while (a[i] === at) i++;
    while (b[j] === at) j++;
  }
  return area;
}

/** In standard deviations of the reference. */
export function normedWasserstein(reference: Float64Array, today: Float64Array): number {
  return wasserstein(reference, today) / Math.max(standardDeviation(reference), SMALLEST_DEVIATION);
}

/** Of the population, as numpy's `std`. */
function standardDeviation(values: Float64Array): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
}
