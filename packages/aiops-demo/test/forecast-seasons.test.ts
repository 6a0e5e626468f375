import fc from 'fast-check';
import { expect, test } from 'vitest';
import { detectSeasons } from '../src/forecast/detect-seasons.js';
import { growsWithLevel } from '../src/forecast/grows-with-level.js';
import { seededRandom } from '../src/forecast/seeded-random.js';
import { airPassengers, internetUsage, visitorNights } from './forecast-series.js';

/** Normal noise by Box and Muller. */
function noise(length: number, seed: number): number[] {
  const random = seededRandom(seed);
  return Array.from(
    { length },
    () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random()),
  );
}
const wave = (period: number) => (step: number) => Math.sin((2 * Math.PI * step) / period);
const periodsOf = (values: readonly number[]) => detectSeasons(values).map(({ period }) => period);

test('airline passengers have a season of 12 months', () => {
  expect(periodsOf(airPassengers)).toEqual([12]);
});

test('visitor nights have a season of four quarters', () => {
  expect(periodsOf(visitorNights)).toEqual([4]);
});

test('internet usage has none', () => {
  expect(periodsOf(internetUsage)).toEqual([]);
});

test('a day inside a week is found, and the week where it repeats better', () => {
  const day = wave(24);
  const values = noise(24 * 7 * 4, 1).map((error, hour) => {
    const isWeekend = Math.floor(hour / 24) % 7 >= 5;
    return 10 * day(hour) * (isWeekend ? 0.4 : 1) + error;
  });
  expect(periodsOf(values)).toEqual([24, 168]);
});

test('two or three days are no season of their own', () => {
  expect(periodsOf(Array.from({ length: 240 }, (_, step) => wave(24)(step)))).toEqual([24]);
});

test('of 100 series of noise none has a season, of 100 short random walks at most three', () => {
  let falseSeasons = 0;
  for (let seed = 1; seed <= 100; seed += 1) {
    const errors = noise(100, seed);
    let walk = 0;
    expect(periodsOf(errors)).toEqual([]);
    falseSeasons += periodsOf(errors.map((error) => (walk += error))).length;
  }
  expect(falseSeasons).toBeLessThanOrEqual(3);
});

test('level, trend and size change nothing', () => {
  const numbers = { min: -1e4, max: 1e4, noNaN: true };
  fc.assert(
    fc.property(
      fc.double(numbers),
      fc.double({ min: -10, max: 10, noNaN: true }),
      fc.double({ min: 0.01, max: 1e4, noNaN: true }),
      (level, trend, size) => {
        const values = Array.from(
          { length: 60 },
          (_, step) => level + size * (trend * step + ([0, 3, 1, 7, 4][step % 5] ?? 0)),
        );
        expect(periodsOf(values)).toEqual([5]);
      },
    ),
    { seed: 1, numRuns: 50 },
  );
});

test.each([[], [1], [1, 2], Array(50).fill(7)] as number[][])('%j has no season', (...values) => {
  expect(detectSeasons(values)).toEqual([]);
});

test('the swings of airline passengers grow with their level, noise around a ramp does not', () => {
  expect(growsWithLevel(airPassengers, 12)).toBe(true);
  expect(growsWithLevel(noise(100, 1).map((error, step) => 10 + step + error))).toBe(false);
  expect(growsWithLevel(noise(100, 1))).toBe(false);
});
