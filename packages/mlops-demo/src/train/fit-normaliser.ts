/**
 * Fit the normaliser: mean and deviation of every input over the training rows, in two passes.
 *
 * in:  TrainingRows → out: Normaliser
 *
 * Rule: sums in double precision; the deviation around the mean of the first pass, as one pass over squares would lose digits.
 *
 * When it misleads: rows of another season have other means. The network sees that as inputs far from 0.
 */
import type { Normaliser } from '../model.js';
import { stretchesOf } from './training-rows.js';
import type { TrainingRows } from './training-rows.js';

/** Means and deviations of the first `count` rows. */
export function fitNormaliser(source: TrainingRows, count: number = source.count): Normaliser {
  const { inputs } = source;
  const means = new Float64Array(inputs);
  const variances = new Float64Array(inputs);
  for (const { rows } of stretchesOf(source, 0, count)) {
    for (let i = 0; i < rows.length; i++) means[i % inputs]! += rows[i]! / count;
  }
  for (const { rows } of stretchesOf(source, 0, count)) {
    for (let i = 0; i < rows.length; i++) {
      const column = i % inputs;
      variances[column]! += (rows[i]! - means[column]!) ** 2 / count;
    }
  }
  // A column that never changes says nothing: divide by 1, not by 0.
  return { means: [...means], deviations: Array.from(variances, (variance) => Math.sqrt(variance) || 1) };
}
