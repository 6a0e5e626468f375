/**
 * AUC: the chance that a late flight gets a higher risk than one on time.
 *
 * in:  risks [0.1, 0.4, 0.35, 0.8], labels [0, 0, 1, 1]
 * out: 0.75
 *
 * Rule: over all pairs of a late and a punctual flight, the share in which the late one is ranked higher; ties count half
 * (the Mann-Whitney U statistic, divided by the number of pairs).
 *
 * When it misleads: it sees only the order. A model that calls every risk ten times too high has the same AUC: see `ece`.
 *
 * Source: Hanley & McNeil (1982); the example and its answer are scikit-learn's for `roc_auc_score`.
 */
export function auc(risks: Float32Array, labels: Uint8Array): number {
  const late = risks.filter((_, i) => labels[i] === 1).sort();
  const onTime = risks.filter((_, i) => labels[i] === 0).sort();
  if (late.length === 0 || onTime.length === 0) return NaN;
  let below = 0;
  let notAbove = 0;
  let wins = 0;
  for (const risk of late) {
    while (below < onTime.length && onTime[below]! < risk) below++;
    while (notAbove < onTime.length && onTime[notAbove]! <= risk) notAbove++;
    wins += (below + notAbove) / 2;
  }
  return wins / (late.length * onTime.length);
}
