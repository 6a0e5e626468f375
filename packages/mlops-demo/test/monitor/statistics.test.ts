/** The drift statistics against SciPy's values on shared cases, to 1e-9. `scipy_reference.py` makes the cases. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { benjaminiHochberg } from '../../src/monitor/benjamini-hochberg.js';
import { chiSquaredTest } from '../../src/monitor/chi-squared.js';
import { jensenShannon } from '../../src/monitor/jensen-shannon.js';
import { kolmogorovSmirnov } from '../../src/monitor/kolmogorov-smirnov.js';
import { kolmogorovTail } from '../../src/monitor/kolmogorov-tail.js';
import { logGamma } from '../../src/monitor/log-gamma.js';
import { populationStability } from '../../src/monitor/population-stability.js';
import { normedWasserstein, wasserstein } from '../../src/monitor/wasserstein.js';
import reference from './scipy-reference.json' with { type: 'json' };

const WITHIN = 1e-9;

function apart(actual: number, expected: number): number {
  return Math.abs(actual - expected);
}

/** Value i is (i · step) mod modulus, plus shift: large samples that need no file. */
function madeOf([count = 0, step = 0, modulus = 1, shift = 0]: number[]): Float64Array {
  return Float64Array.from({ length: count }, (_, i) => ((i * step) % modulus) + shift);
}

const sample = fc.array(fc.double({ min: -1e3, max: 1e3, noNaN: true }), { minLength: 1, maxLength: 40 });

describe(`statistics as SciPy ${reference.scipy} gives them`, () => {
  it.each(reference.samples)('Kolmogorov–Smirnov and Wasserstein of $name', (one) => {
    const [a, b] = [Float64Array.from(one.a), Float64Array.from(one.b)];
    const test = kolmogorovSmirnov(a, b);
    expect(test.method).toBe('exact');
    expect(apart(test.statistic, one.ks.statistic)).toBeLessThanOrEqual(WITHIN);
    expect(apart(test.p, one.ks.p)).toBeLessThanOrEqual(WITHIN);
    expect(apart(wasserstein(a, b), one.wasserstein)).toBeLessThanOrEqual(WITHIN);
    expect(apart(normedWasserstein(a, b), one.normedWasserstein)).toBeLessThanOrEqual(WITHIN);
  });

  it.each(reference.large)('Kolmogorov–Smirnov of $a.0 and $b.0 values, asymptotic', (one) => {
    const [a, b] = [madeOf(one.a), madeOf(one.b)];
    const test = kolmogorovSmirnov(a, b);
    expect(test.method).toBe('asymptotic');
    expect(apart(test.statistic, one.ks.statistic)).toBeLessThanOrEqual(WITHIN);
    expect(apart(test.p, one.ks.p)).toBeLessThanOrEqual(WITHIN);
    expect(apart(wasserstein(a, b) / one.wasserstein, 1)).toBeLessThanOrEqual(WITHIN);
  });

  it.each(reference.tails)("Kolmogorov's distribution, n = $n, d = $d", ({ n, d, tail }) => {
    expect(apart(kolmogorovTail(n, d), tail)).toBeLessThanOrEqual(WITHIN);
  });

  it.each(reference.tables)('χ², Jensen–Shannon and PSI of %j', (one) => {
    const chi = chiSquaredTest(one.a, one.b);
    expect(apart(chi.statistic, one.chiSquared.statistic)).toBeLessThanOrEqual(WITHIN);
    expect(chi.degreesOfFreedom).toBe(one.chiSquared.degreesOfFreedom);
    expect(apart(chi.p, one.chiSquared.p)).toBeLessThanOrEqual(WITHIN);
    expect(apart(jensenShannon(one.a, one.b), one.jensenShannon)).toBeLessThanOrEqual(WITHIN);
    expect(apart(populationStability(sharesOf(one.a), sharesOf(one.b)), one.psi)).toBeLessThanOrEqual(WITHIN);
  });

  it.each(reference.families)('Benjamini–Hochberg of %j', ({ p, adjusted }) => {
    const farthest = Math.max(...benjaminiHochberg(p).map((value, i) => apart(value, adjusted[i] ?? NaN)));
    expect(farthest).toBeLessThanOrEqual(WITHIN);
  });
});

describe('what must hold whatever the values', () => {
  it('ln Γ(n + 1) is the logarithm of the factorial', () => {
    let logFactorial = 0;
    for (let n = 1; n <= 170; n++) {
      logFactorial += Math.log(n);
      expect(logGamma(n + 1)).toBeCloseTo(logFactorial, 9);
    }
  });

  it('distances are symmetric, and 0 between a sample and itself', () => {
    fc.assert(
      fc.property(sample, sample, (left, right) => {
        const [a, b] = [Float64Array.from(left), Float64Array.from(right)];
        expect(wasserstein(a, b)).toBeCloseTo(wasserstein(b, a), 8);
        expect(kolmogorovSmirnov(a, b).p).toBeCloseTo(kolmogorovSmirnov(b, a).p, 8);
        expect(wasserstein(a, a)).toBe(0);
        expect(kolmogorovSmirnov(a, a)).toEqual({ statistic: 0, p: 1, method: 'exact' });
      }),
    );
  });

  it('a shift of all values moves Wasserstein by just as much', () => {
    fc.assert(
      fc.property(sample, fc.double({ min: 0, max: 100, noNaN: true }), (values, shift) => {
        const a = Float64Array.from(values);
        expect(
          wasserstein(
            a,
            a.map((value) => value + shift),
          ),
        ).toBeCloseTo(shift, 7);
      }),
    );
  });

  it('adjusted p-values are never smaller, and keep their order', () => {
    const p = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(fc.array(p, { minLength: 1, maxLength: 30 }), (values) => {
        const adjusted = benjaminiHochberg(values);
        const order = [...values.keys()].sort((a, b) => (values[a] ?? 0) - (values[b] ?? 0));
        const inOrder = order.map((index) => adjusted[index] ?? NaN);
        expect(inOrder).toEqual(inOrder.toSorted((a, b) => a - b));
        expect(values.every((value, i) => (adjusted[i] ?? NaN) >= value)).toBe(true);
      }),
    );
  });

  it('an empty sample is refused by name', () => {
    const empty = new Float64Array(0);
    expect(() => wasserstein(empty, empty)).toThrow('wasserstein: expected two samples');
    expect(() => kolmogorovSmirnov(empty, empty)).toThrow('kolmogorovSmirnov: expected two samples');
    expect(() => jensenShannon([0], [0])).toThrow('jensenShannon: expected two samples');
  });
});

function sharesOf(counts: readonly number[]): number[] {
  const total = counts.reduce((sum, count) => sum + count, 0);
  return counts.map((count) => count / total);
}
