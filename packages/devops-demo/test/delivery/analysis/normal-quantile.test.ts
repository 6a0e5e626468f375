import { expect, it } from 'vitest';
import { normalQuantile } from '../../../src/delivery/analysis/statistics/normal-quantile.js';

/** scipy.stats.norm.ppf, SciPy 1.17.1. */
it.each([
  [0.5, 0],
  [0.3, -0.5244005127080409],
  [0.975, 1.959963984540054],
  [0.995, 2.5758293035489004],
  [0.9995, 3.2905267314919255],
  [0.000625, -3.2272184259631564],
])('%d has the quantile that SciPy gives', (share, expected) => {
  expect(normalQuantile(share)).toBeCloseTo(expected, 7);
});

it.each([0, 1, Number.NaN])('%d has none', (share) => {
  expect(() => normalQuantile(share)).toThrow('expected 0 < share < 1');
});
