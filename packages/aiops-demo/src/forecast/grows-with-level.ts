/**
 * Grows with level: are the swings of a series larger where the series is higher? Then it is forecast in logarithms.
 *
 * in: values → out: yes or no
 *
 * Rule: cut the series into blocks of one season (or eight steps) and compare the size of each block's steps with its mean. Where the steps in a block
 * grows like the mean to the power 0.5 or more, logarithms make it more even than no change does.
 * When it misleads: a series that hardly moves has no levels to compare; then the answer is no. Zero and negative values have
 * no logarithm.
 * Source: Guerrero, Journal of Forecasting 12 (1993), with the two powers 0 (logarithm) and 1 (no change).
 *
 *   growsWithLevel([1, 2, 1, 2, 10, 20, 10, 20, …], 4) // true
 */
import { linearRegression } from 'simple-statistics';

const BLOCK = 8;
const LEAST_BLOCKS = 4;
/** The highest block is at least so many times the lowest. */
const LEAST_RATIO = 1.5;
const HALFWAY = 0.5;

export function growsWithLevel(values: readonly number[], period = BLOCK): boolean {
  if (values.some((value) => !(value > 0))) return false;
  const blocks = Array.from({ length: Math.floor(values.length / period) }, (_, index) =>
    meanAndSpread(values.slice(index * period, (index + 1) * period)),
  ).filter(({ spread }) => spread > 0);
  const means = blocks.map(({ mean }) => mean);
  if (blocks.length < LEAST_BLOCKS || Math.max(...means) < LEAST_RATIO * Math.min(...means)) return false;
  return linearRegression(blocks.map(({ mean, spread }) => [Math.log(mean), Math.log(spread)])).m > HALFWAY;
}

function meanAndSpread(block: readonly number[]): { mean: number; spread: number } {
  const mean = block.reduce((sum, value) => sum + value, 0) / block.length;
  const steps = block.slice(1).map((value, step) => Math.abs(value - (block[step] ?? 0)));
  return { mean, spread: steps.reduce((sum, step) => sum + step, 0) / Math.max(1, steps.length) };
}
