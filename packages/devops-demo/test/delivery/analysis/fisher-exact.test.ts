import { expect, it } from 'vitest';
import { fisherExact } from '../../../src/delivery/analysis/statistics/fisher-exact.js';

/** scipy.stats.fisher_exact(table, alternative='greater'), SciPy 1.17.1. */
it.each([
  [[3, 4], [1, 4], 0.24285714285714283],
  [[11, 100], [4, 400], 8.503165911225074e-6],
  [[4, 20], [2, 200], 0.0006772056934591284],
  [[0, 20], [1, 200], 1],
  [[30, 1000], [90, 9000], 1.5831437079219072e-6],
  [[60, 1000], [90, 9000], 1.346199519387404e-22],
  [[2, 50], [1000, 100_000], 0.0896235955320314],
] as const)('%j against %j is what SciPy says', ([count, of], [otherCount, otherOf], expected) => {
  const chance = fisherExact({ count, of }, { count: otherCount, of: otherOf });
  expect(chance / expected).toBeCloseTo(1, 8);
});

it('counts with decimals, as increase() gives them, are rounded', () => {
  expect(fisherExact({ count: 10.8, of: 100.2 }, { count: 4.1, of: 399.7 })).toBe(
    fisherExact({ count: 11, of: 100 }, { count: 4, of: 400 }),
  );
});
