/**
 * Lift: how many times more late flights there are among the riskiest tenth than among all.
 *
 * in:  20 flights, 4 of them late, 2 of those among the two highest risks
 * out: 5 (both of the riskiest two are late, 1 of 5 is in general)
 *
 * Rule: late share of the riskiest 10 %, rounded down, at least one flight, divided by the late share of all. Flights that share the last
 * place count in part.
 *
 * When it misleads: it cannot exceed 1 ÷ late share: 4.5 in a month with 22 % late flights, 6 in one with 17 %.
 */
import { rankRows } from './ranking.js';

const SHARE = 0.1;

export function lift(risks: Float32Array, labels: Uint8Array): number {
  const ranked = rankRows(risks);
  const top = Math.max(Math.floor(ranked.length * SHARE), 1);
  const border = risks[ranked[ranked.length - top]!]!;
  let above = 0;
  let lateAbove = 0;
  let tied = 0;
  let lateTied = 0;
  for (const [row, risk] of risks.entries()) {
    if (risk < border) continue;
    if (risk > border) {
      above++;
      lateAbove += labels[row]!;
    } else {
      tied++;
      lateTied += labels[row]!;
    }
  }
  const late = lateAbove + (lateTied * (top - above)) / tied;
  const lateShare = labels.reduce((sum, label) => sum + label, 0) / labels.length;
  return late / top / lateShare;
}
