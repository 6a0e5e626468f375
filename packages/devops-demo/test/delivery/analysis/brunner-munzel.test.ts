import { expect, it } from 'vitest';
import { brunnerMunzel } from '../../../src/delivery/analysis/statistics/brunner-munzel.js';

/** The statistic that SciPy prints is the distance from 0.5 in standard errors. */
const statistic = ({ larger, standardError }: { larger: number; standardError: number }) =>
  (larger - 0.5) / standardError;

it('is 0.789 for the pain scores of Brunner and Munzel 2000, with their statistic 3.1375', () => {
  const placebo = [11, 2, 0, 1, 0];
  const treated = [3, 1, 4, 2, 1];
  const compared = brunnerMunzel(treated, placebo);
  expect(compared.larger).toBeCloseTo(0.788961, 6);
  expect(statistic(compared)).toBeCloseTo(3.1374674823029505, 10);
});

it('counts in buckets give what SciPy gives for the values themselves', () => {
  const primary = [120, 500, 300, 70, 10];
  const canary = [5, 30, 50, 12, 3];
  const compared = brunnerMunzel(canary, primary);
  expect(compared.larger, 'mannwhitneyu / (n m)').toBeCloseTo(0.64345, 12);
  expect(statistic(compared), 'brunnermunzel').toBeCloseTo(5.409593848900948, 10);
});

it('the same counts at both sides are a draw', () => {
  expect(brunnerMunzel([5, 30, 50], [5, 30, 50]).larger).toBe(0.5);
});
