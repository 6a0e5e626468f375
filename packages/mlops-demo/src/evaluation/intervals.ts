/**
 * Intervals of the scores: what AUC, log loss and calibration error could have been on other days.
 *
 * in:  risks, labels, the day of each flight → out: the middle 95 % of each, by bootstrap over days (day-bootstrap.ts)
 *
 * Rule: flights are ranked once; each repetition walks the ranking with the weights of its days. 200 repetitions: the ends move by less than
 * .001 between seeds.
 *
 * When it misleads: a week is seven days, and its interval knows no other weather than that week's. Of seven days it is too narrow
 * (day-bootstrap.ts): no decision hangs on it.
 */
import { RISK_BINS, riskBin } from './calibration.js';
import { bootstrapByDay, dayBlocks, drawnSum, sumByDay } from './day-bootstrap.js';
import type { DayBlocks, Interval } from './day-bootstrap.js';
import { surprise } from './log-loss.js';
import { rankRows } from './ranking.js';

export interface ScoreIntervals {
  auc: Interval;
  logLoss: Interval;
  ece: Interval;
}

const OPTIONS = { resamples: 200 };

export function scoreIntervals(
  risks: Float32Array,
  labels: Uint8Array,
  days: ArrayLike<number>,
): ScoreIntervals {
  const blocks = dayBlocks(days);
  const counts = sumByDay(blocks, () => 1);
  const surprises = sumByDay(blocks, (row) => surprise(risks[row]!, labels[row]!));
  // Per bin and day: by how much the risks exceed the late flights.
  const excess = Array.from({ length: RISK_BINS }, (_, bin) =>
    sumByDay(blocks, (row) => (riskBin(risks[row]!) === bin ? risks[row]! - labels[row]! : 0)),
  );
  const eceOf = (drawn: Uint16Array): number =>
    excess.reduce((sum, bin) => sum + Math.abs(drawnSum(bin, drawn)), 0) / drawnSum(counts, drawn);
  const logLossOf = (drawn: Uint16Array): number => drawnSum(surprises, drawn) / drawnSum(counts, drawn);
  return {
    auc: bootstrapByDay(blocks, weightedAuc(risks, labels, blocks), OPTIONS),
    logLoss: bootstrapByDay(blocks, logLossOf, OPTIONS),
    ece: bootstrapByDay(blocks, eceOf, OPTIONS),
  };
}

/** AUC in which each flight counts as often as its day was drawn. */
function weightedAuc(
  risks: Float32Array,
  labels: Uint8Array,
  { dayOfRow }: DayBlocks,
): (drawn: Uint16Array) => number {
  const ranked = rankRows(risks);
  const rankedRisks = Float32Array.from(ranked, (row) => risks[row]!);
  const rankedLabels = Uint8Array.from(ranked, (row) => labels[row]!);
  const rankedDays = Uint16Array.from(ranked, (row) => dayOfRow[row]!);
  return (drawn) => {
    let onTime = 0;
    let late = 0;
    let wins = 0;
    for (let at = 0; at < rankedRisks.length;) {
      const risk = rankedRisks[at];
      let onTimeHere = 0;
      let lateHere = 0;
      for (; at < rankedRisks.length && rankedRisks[at] === risk; at++) {
        const weight = drawn[rankedDays[at]!]!;
        if (rankedLabels[at] === 1) lateHere += weight;
        else onTimeHere += weight;
      }
      wins += lateHere * (onTime + onTimeHere / 2);
      onTime += onTimeHere;
      late += lateHere;
    }
    return wins / (onTime * late);
  };
}
