import fc from 'fast-check';
import { expect, test } from 'vitest';
import { rate } from '../src/collect/rate.js';
import type { Point } from '../src/collect/samples.js';

const points = (...pairs: [seconds: number, value: number | 'stale'][]): Point[] =>
  pairs.map(([seconds, value]) => ({ at: seconds * 1_000, value }));

test('the example of the header', () => {
  expect(rate(points([1, 10], [3, 12], [5, 1]), 6_000, 6_000)).toBeCloseTo(0.75, 12);
});

test('two samples are enough, one is not, none is not', () => {
  expect(rate(points([0, 5], [10, 15]), 10_000, 10_000)).toBe(1);
  expect(rate(points([0, 5]), 10_000, 10_000)).toBeUndefined();
  expect(rate([], 10_000, 10_000)).toBeUndefined();
});

test('samples outside the window do not count', () => {
  expect(rate(points([0, 0], [10, 100], [12, 102], [30, 900]), 12_000, 2_000)).toBe(1);
});

test('a counter that stands still has the rate 0', () => {
  expect(rate(points([0, 7], [2, 7], [4, 7]), 5_000, 5_000)).toBe(0);
});

test('a restart is no negative rate: what was counted before it is added', () => {
  expect(rate(points([0, 100], [5, 103], [10, 2]), 10_000, 10_000)).toBeCloseTo(0.5, 12);
});

test('a counter is not stretched back beyond the moment at which it was 0', () => {
  // Born at 8 s: 1 at 9 s, 2 at 10 s. Two events in ten seconds, not three.
  expect(rate(points([9, 1], [10, 2]), 10_000, 10_000)).toBeCloseTo(0.2, 12);
});

test('a long gap is bridged by half an interval only', () => {
  expect(rate(points([0, 100], [1, 101], [2, 102]), 10_000, 10_000)).toBeCloseTo(2.5 / 10, 12);
});

test('a stale mark is no sample', () => {
  expect(rate(points([0, 5], [5, 'stale'], [10, 15]), 10_000, 10_000)).toBe(1);
});

test('whatever a counter does, its rate is never negative', () => {
  const walk = fc.array(fc.tuple(fc.integer({ min: 1, max: 5_000 }), fc.integer({ min: 0, max: 1_000 })), {
    minLength: 2,
    maxLength: 30,
  });
  fc.assert(
    fc.property(walk, fc.integer({ min: 1, max: 60_000 }), (steps, windowMs) => {
      let at = 0;
      const series = steps.map(([gap, value]) => ({ at: (at += gap), value }));
      expect(rate(series, at, windowMs) ?? 0).toBeGreaterThanOrEqual(0);
    }),
    { seed: 2001 },
  );
});
