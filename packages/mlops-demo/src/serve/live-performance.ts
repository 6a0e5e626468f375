/**
 * Live performance: how right were the risks of the flights that have landed since?
 *
 * in:  risks and labels (1: late) of the last landed flights, and the base rate
 * out: { landed: 5000, auc: 0.861, logLoss: 0.275, baseLogLoss: 0.432, because: … }
 *
 * Rule: AUC for the order, log loss for the probabilities, and beside it the log loss of whoever answers the base rate for every flight.
 *
 * When it misleads: labels come late. Flights that land first are short and punctual, so in the first hour of a replay the AUC
 * is about .71 and by evening .85, with the same model.
 *
 * Source: evaluation/auc.ts and evaluation/log-loss.ts; the numbers measured on 1 February 2001, replayed.
 */
import { auc } from '../evaluation/auc.js';
import { logLoss } from '../evaluation/log-loss.js';
import type { Performance } from './monitor-report.js';

const LEAST_LABELS = 200;

/** Judges risks by what happened; null when nothing has landed yet. */
export function performanceOf(risks: Float32Array, labels: Uint8Array, baseRate: number): Performance | null {
  const landed = labels.length;
  if (landed === 0) return null;
  const late = labels.reduce((sum, label) => sum + label, 0);
  if (landed < LEAST_LABELS || late === 0 || late === landed) {
    const because = `${landed.toLocaleString('en-US')} predicted flights have landed, ${late} of them late; AUC needs ${LEAST_LABELS} and both kinds`;
    return { landed, auc: null, logLoss: null, baseLogLoss: null, because };
  }
  const area = auc(risks, labels);
  const loss = logLoss(risks, labels);
  const baseLoss = logLoss(new Float32Array(landed).fill(baseRate), labels);
  const against = `log loss ${loss.toFixed(3)}, the base rate's ${baseLoss.toFixed(3)}`;
  const because = `AUC ${area.toFixed(3)} over the last ${landed.toLocaleString('en-US')} landed flights; ${against}`;
  return { landed, auc: area, logLoss: loss, baseLogLoss: baseLoss, because };
}
