import { describe, expect, it } from 'vitest';
import {
  newcombeInterval,
  wilsonInterval,
} from '../../../src/delivery/analysis/statistics/newcombe-interval.js';

const TWO_SIDED_95 = 1.959963984540054;

describe("Newcombe's interval", () => {
  /** Newcombe 1998, Table II, method 10; the same from statsmodels 0.15.0, confint_proportions_2indep(method='newcomb'). */
  it.each([
    [[56, 70], [48, 80], 0.05243147240236498, 0.33387265403690614],
    [[9, 10], [3, 10], 0.1705227239345029, 0.809017973535488],
    [[6, 7], [2, 7], 0.05822792748231209, 0.8062496375242278],
    [[5, 56], [0, 29], -0.038137147903536936, 0.19256001385511165],
    [[0, 10], [0, 20], -0.1611251580528194, 0.27753279986288926],
    [[10, 10], [0, 20], 0.6790860371419145, 1],
    [[4, 200], [5, 2000], 0.004855556164667483, 0.047820906535560904],
  ] as const)('of %j - %j is the published one', ([count, of], [otherCount, otherOf], lower, upper) => {
    const interval = newcombeInterval({ count, of }, { count: otherCount, of: otherOf }, TWO_SIDED_95);
    expect(interval.lower).toBeCloseTo(lower, 10);
    expect(interval.upper).toBeCloseTo(upper, 10);
  });
});

describe("Wilson's interval", () => {
  /** statsmodels 0.15.0, proportion_confint(method='wilson'); 81 of 263 is Newcombe's own example. */
  it.each([
    [81, 263, 0.2552885198782742, 0.36620957698280004],
    [0, 20, 0, 0.1611251580528194],
  ])('of %d of %d is the published one', (count, of, lower, upper) => {
    const interval = wilsonInterval({ count, of }, TWO_SIDED_95);
    expect(interval.lower).toBeCloseTo(lower, 10);
    expect(interval.upper).toBeCloseTo(upper, 10);
  });
});
