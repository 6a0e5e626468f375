/**
 * χ² test of homogeneity: do two samples share their categories in the same way?
 *
 * in:  counts of the reference [30, 50, 20] and of today [40, 40, 20]
 * out: { statistic: 2.5396825…, degreesOfFreedom: 2, p: 0.28087…}
 *
 * Rule: Σ (count − expected)² ÷ expected over both rows of the table; expected is what the row would hold if both had the shares of
 * both together. Categories that neither has seen are left out. p is the upper tail of the χ² distribution.
 *
 * When it misleads: categories with fewer than about five expected counts make p too small or too large: put rare ones together first.
 * With many rows any difference is significant; it says that there is one, not that it matters.
 *
 * Source: K. Pearson (1900); SciPy's `chi2_contingency(table, correction=False)`. Evidently's χ² takes the reference's shares as if they
 * were known exactly (`chisquare`); with a reference as small as the window that calls too much drift.
 */
import { logGamma } from './log-gamma.js';

export interface ChiSquaredTest {
  statistic: number;
  degreesOfFreedom: number;
  p: number;
}

export function chiSquaredTest(reference: readonly number[], today: readonly number[]): ChiSquaredTest {
  if (reference.length !== today.length) {
    throw new RangeError(`chiSquaredTest: expected ${reference.length} categories, got ${today.length}`);
  }
  const [before, now] = [sum(reference), sum(today)];
  const seen = reference.map((count, i) => count + (today[i] ?? 0));
  const categories = seen.filter((count) => count > 0).length;
  if (before === 0 || now === 0 || categories < 2) return { statistic: 0, degreesOfFreedom: 0, p: 1 };
  const share = before / (before + now);
  const statistic = seen.reduce((total, both, i) => {
    if (both === 0) return total;
    const apart = (reference[i] ?? 0) - both * share;
    return total + apart ** 2 / (both * share) + apart ** 2 / (both * (1 - share));
  }, 0);
  const degreesOfFreedom = categories - 1;
  return { statistic, degreesOfFreedom, p: chiSquaredTail(statistic, degreesOfFreedom) };
}

/** The chance that a χ² of so many degrees of freedom is at least this large: Q(k/2, x/2). */
export function chiSquaredTail(statistic: number, degreesOfFreedom: number): number {
  return upperGamma(degreesOfFreedom / 2, statistic / 2);
}

const PRECISION = 1e-16;
const MOST_TERMS = 10_000;

/** The regularised upper incomplete gamma function: a series below a + 1, Lentz's continued fraction above (Numerical Recipes, 6.2). */
function upperGamma(a: number, x: number): number {
  if (x <= 0) return 1;
  const front = Math.exp(a * Math.log(x) - x - logGamma(a));
  return x < a + 1 ? 1 - front * series(a, x) : front * fraction(a, x);
}

function series(a: number, x: number): number {
  let term = 1 / a;
  let total = term;
  for (let n = 1; n < MOST_TERMS && term > total * PRECISION; n++) {
    term *= x / (a + n);
    total += term;
  }
  return total;
}

function fraction(a: number, x: number): number {
  let b = x + 1 - a;
  let c = Infinity;
  let d = 1 / b;
  let result = d;
  for (let n = 1; n < MOST_TERMS; n++) {
    const an = -n * (n - a);
    b += 2;
    d = 1 / (an * d + b);
    c = b + an / c;
    result *= d * c;
    if (Math.abs(d * c - 1) < PRECISION) break;
  }
  return result;
}

function sum(counts: readonly number[]): number {
  return counts.reduce((total, count) => total + count, 0);
}
