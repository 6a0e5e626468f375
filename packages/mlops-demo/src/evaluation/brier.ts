/**
 * Brier score: the mean squared distance between the risk and what happened.
 *
 * in:  risks [0.1, 0.9, 0.8, 0.3], labels [0, 1, 1, 0]
 * out: 0.0375
 *
 * When it misleads: on rare outcomes everything looks small. Put the base rate's score beside it.
 *
 * Source: Brier (1950); the example and its answer are scikit-learn's for `brier_score_loss`.
 */
export function brier(risks: Float32Array, labels: Uint8Array): number {
  let sum = 0;
  for (let i = 0; i < risks.length; i++) sum += (risks[i]! - labels[i]!) ** 2;
  return sum / risks.length;
}
