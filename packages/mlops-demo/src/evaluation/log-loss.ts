/**
 * Log loss: how surprised the model is by what happened, in nats a flight.
 *
 * in:  risks [0.9, 0.1, 0.2, 0.65], labels [1, 0, 0, 1]
 * out: 0.21616187468057912
 *
 * Rule: the mean of −ln(p) for what happened, p the probability it was given. Probabilities are kept 10⁻⁷ away from 0 and 1: a
 * certainty that is wrong costs much, not everything.
 *
 * When it misleads: it grows with how uncertain the days are. Compare with `skill`, never across months.
 *
 * Source: Good (1952); the example and its answer are scikit-learn's for `log_loss`.
 */
const SMALLEST = 1e-7;

export function logLoss(risks: Float32Array, labels: Uint8Array): number {
  let sum = 0;
  for (let i = 0; i < risks.length; i++) sum += surprise(risks[i]!, labels[i]!);
  return sum / risks.length;
}

/** What one flight adds to the sum. */
export function surprise(risk: number, label: number): number {
  const happened = label === 1 ? risk : 1 - risk;
  return -Math.log(Math.min(Math.max(happened, SMALLEST), 1 - SMALLEST));
}

/**
 * Skill: the share of the uncertainty that the model takes away. 1 − log loss ÷ entropy of the period's own late share.
 * 0: no better than knowing how many flights are late. Below 0: worse than that.
 */
export function skill(risks: Float32Array, labels: Uint8Array): number {
  const share = labels.reduce((sum, label) => sum + label, 0) / labels.length;
  const entropy = -share * Math.log(share) - (1 - share) * Math.log(1 - share);
  return 1 - logLoss(risks, labels) / entropy;
}
