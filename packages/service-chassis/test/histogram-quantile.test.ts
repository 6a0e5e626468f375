import fc from 'fast-check';
import { expect, test } from 'vitest';
import { histogramQuantile } from '../src/histogram-quantile.js';

const { POSITIVE_INFINITY: INF } = Number;
const buckets = (...pairs: [upperBound: number, cumulative: number][]) =>
  pairs.map(([upperBound, cumulative]) => ({ upperBound, cumulative }));

test('the example of the header', () => {
  expect(histogramQuantile(0.95, buckets([0.1, 80], [0.2, 100], [INF, 100]))).toBeCloseTo(0.175, 12);
});

test('the first bucket begins at 0', () => {
  expect(histogramQuantile(0.5, buckets([0.1, 10], [INF, 10]))).toBeCloseTo(0.05, 12);
});

test('a rank beyond the finite bounds answers with the highest of them', () => {
  expect(histogramQuantile(0.95, buckets([0.1, 10], [1, 20], [INF, 100]))).toBe(1);
});

test('the order of the buckets does not matter, and one bound may be written twice', () => {
  expect(histogramQuantile(0.95, buckets([INF, 100], [0.2, 60], [0.1, 80], [0.2, 40]))).toBeCloseTo(
    0.175,
    12,
  );
});

test('a bucket that lags behind a smaller one is lifted to it', () => {
  expect(histogramQuantile(0.9, buckets([0.1, 80], [0.2, 79], [0.4, 100], [INF, 100]))).toBeCloseTo(0.3, 12);
});

test('nothing observed has no quantile, and neither have buckets without +Inf', () => {
  expect(histogramQuantile(0.95, buckets([0.1, 0], [INF, 0]))).toBeNaN();
  expect(histogramQuantile(0.95, buckets([0.1, 1], [0.2, 2]))).toBeNaN();
  expect(histogramQuantile(0.95, buckets([INF, 2]))).toBeNaN();
});

test('a higher quantile is never a lower value', () => {
  const counts = fc.array(fc.nat(1_000), { minLength: 2, maxLength: 12 });
  const quantiles = fc.tuple(
    fc.double({ min: 0.01, max: 1, noNaN: true }),
    fc.double({ min: 0.01, max: 1, noNaN: true }),
  );
  fc.assert(
    fc.property(counts, quantiles, (perBucket, [a, b]) => {
      let total = 0;
      const cumulative = perBucket.map((count, i) => ({ upperBound: i + 1, cumulative: (total += count) }));
      const all = [...cumulative, { upperBound: INF, cumulative: total + 1 }];
      const [low, high] = [Math.min(a, b), Math.max(a, b)];
      expect(histogramQuantile(low, all)).toBeLessThanOrEqual(histogramQuantile(high, all) + 1e-9);
    }),
    { seed: 2001 },
  );
});
