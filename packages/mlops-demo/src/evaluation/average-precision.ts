/**
 * Average precision, the area under the curve of precision over recall (PR-AUC): how pure the top of the list is.
 *
 * in:  risks [0.1, 0.4, 0.35, 0.8], labels [0, 0, 1, 1]
 * out: 0.8333333333333333
 *
 * Rule: from the highest risk down, Σ (recall − recall before) · precision; equal risks are one step.
 *
 * When it misleads: a guess has the late share, not .5. Months with different late shares cannot be compared.
 *
 * Source: Manning, Raghavan & Schütze, "Introduction to Information Retrieval" (2008), ch. 8; the example and its answer are scikit-learn's
 * for `average_precision_score`.
 */
import { rankRows } from './ranking.js';

export function averagePrecision(risks: Float32Array, labels: Uint8Array): number {
  const ranked = rankRows(risks);
  const allLate = labels.reduce((sum, label) => sum + label, 0);
  let late = 0;
  let lateBefore = 0;
  let area = 0;
  for (let at = ranked.length - 1; at >= 0; at--) {
    late += labels[ranked[at]!]!;
    const tied = at > 0 && risks[ranked[at - 1]!] === risks[ranked[at]!];
    if (tied) continue;
    area += ((late - lateBefore) / allLate) * (late / (ranked.length - at));
    lateBefore = late;
  }
  return area;
}
