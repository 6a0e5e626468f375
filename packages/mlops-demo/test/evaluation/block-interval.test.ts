import { describe, expect, test } from 'vitest';
import { blockInterval } from '../../src/evaluation/block-interval.js';
import { bootstrapByDay, drawnSum } from '../../src/evaluation/day-bootstrap.js';
import type { Interval } from '../../src/evaluation/day-bootstrap.js';
import { seedRandom } from '../../src/seeded-random.js';

const TESTS = 4_000;

/** Tests of models without a true difference: normal day effects, days of 12,000 to 18,000 flights. */
function* testsOf(days: number): Generator<{ sums: Float64Array; counts: Float64Array }> {
  const random = seedRandom(days);
  const normal = (): number => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  for (let test = 0; test < TESTS; test++) {
    const counts = Float64Array.from({ length: days }, () => 12_000 + Math.floor(6_000 * random()));
    yield { sums: counts.map((count) => count * 0.03 * normal()), counts };
  }
}

function falseAlarms(
  days: number,
  intervalOf: (sums: Float64Array, counts: Float64Array) => Interval,
): number {
  let above = 0;
  for (const { sums, counts } of testsOf(days)) if (intervalOf(sums, counts)[0] > 0) above++;
  return above / TESTS;
}

describe('the interval over blocks', () => {
  test('of three equal days is mean ± t · standard error, t as SciPy 1.17.1 has `stats.t.ppf(0.975, 2)`', () => {
    const counts = new Float64Array([100, 100, 100]);
    const [low, high] = blockInterval(new Float64Array([2, 3, 4]), counts);
    const reach = (4.302652729749462 * 0.01) / Math.sqrt(3);
    expect(low).toBeCloseTo(0.03 - reach, 12);
    expect(high).toBeCloseTo(0.03 + reach, 12);
  });

  test.each([
    [2, 12.706204736174694],
    [7, 2.4469118511449786],
    [30, 2.045229642132703],
  ])('of %i blocks uses the quantile that SciPy has', (blocks, t) => {
    const sums = Float64Array.from({ length: blocks }, (_, block) => block % 2);
    const mean = sums.reduce((sum, value) => sum + value, 0) / blocks;
    const squares = sums.reduce((sum, value) => sum + (value - mean) ** 2, 0);
    const [, high] = blockInterval(sums, new Float64Array(blocks).fill(1));
    expect((high - mean) / Math.sqrt(squares / (blocks - 1) / blocks)).toBeCloseTo(t, 9);
  });

  test('lets a block count by its flights: the mean is that of the flights', () => {
    const [low, high] = blockInterval(new Float64Array([1, 90, 9]), new Float64Array([10, 900, 90]));
    expect([low, high].map((end) => Math.round(end * 1e9) / 1e9)).toEqual([0.1, 0.1]);
  });

  test('of one block knows nothing', () => {
    expect(blockInterval(new Float64Array([5]), new Float64Array([10]))).toEqual([-Infinity, Infinity]);
  });

  test.each([3, 5, 7, 30])(
    'of %i days without a true difference lies wholly above zero once in forty tests',
    (days) => {
      const share = falseAlarms(days, blockInterval);
      // Three standard errors of 4,000 tests are .0074.
      expect(share).toBeGreaterThan(0.0175);
      expect(share).toBeLessThan(0.0325);
    },
  );

  test.each([
    ['keep the promise where hours of a day have nothing in common', 0, [0.0175, 0.0325]],
    ['break it by as much as days count: with three tenths of the spread', 0.3, [0.05, 0.09]],
  ] as const)('six-hour blocks of three days %s', (_, shareOfDay, [least, most]) => {
    const random = seedRandom(3);
    const normal = (): number => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
    let above = 0;
    for (let test = 0; test < TESTS; test++) {
      const days = [normal(), normal(), normal()];
      const gains = days.flatMap((day) =>
        Array.from({ length: 4 }, () => Math.sqrt(shareOfDay) * day + Math.sqrt(1 - shareOfDay) * normal()),
      );
      if (blockInterval(Float64Array.from(gains), new Float64Array(12).fill(1))[0] > 0) above++;
    }
    expect(above / TESTS).toBeGreaterThan(least);
    expect(above / TESTS).toBeLessThan(most);
  });

  test('keeps the promise that the bootstrap breaks: of three days that lies above zero four times as often', () => {
    const middle = (sums: Float64Array, counts: Float64Array): Interval =>
      bootstrapByDay(
        { count: sums.length, dayOfRow: new Uint16Array() },
        (drawn) => drawnSum(sums, drawn) / drawnSum(counts, drawn),
        { resamples: 200 },
      );
    expect(falseAlarms(3, middle)).toBeGreaterThan(0.1);
  });
});
