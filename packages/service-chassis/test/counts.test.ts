/** Counts: in words, and as counters that grow and begin anew. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { counterIncrease } from '../src/counter-increase.js';
import { counted } from '../src/counted.js';

it('one thing is one, all other counts are many', () => {
  expect([0, 1, 2].map((count) => counted(count, 'signal'))).toEqual(['0 signals', '1 signal', '2 signals']);
});

it('a counter that grew has increased by the difference', () => {
  expect(counterIncrease(28_962, 34_000)).toBe(5_038);
});

it('a counter that is smaller than before has begun anew at 0', () => {
  expect(counterIncrease(28_962, 700)).toBe(700);
});

it('whatever the readings, the increases of a counter that never begins anew add up to what it grew by', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(), { minLength: 1 }), (steps) => {
      const readings = steps.reduce<number[]>((all, step) => [...all, (all.at(-1) ?? 0) + step], []);
      const grown = readings.map((now, index) => counterIncrease(readings[index - 1] ?? 0, now));
      expect(grown.reduce((sum, each) => sum + each, 0)).toBe(readings.at(-1));
    }),
  );
});
