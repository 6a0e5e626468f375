/**
 * Delayed performance: how right was the model, as far as the labels have come in?
 *
 * in:  risks and labels of a window's landed flights, how many have departed, the reference's scores
 * out: { state: 'good', auc: 0.862, skill: 0.35, ece: 0.02, …, because: 'AUC 0.862, skill 0.350 over 16,842 landed flights; …' }
 *
 * Rule: a verdict needs 95 % of the window's flights on the ground. Decayed: the skill against the window's own late share is below half
 * of the reference's, and the AUC is .05 lower. Skill compares a stormy day with a stormy day: a constant that knows the day's late
 * share has 0. Skill alone falls on the day after a storm, when all risks are too high and their order is still right; AUC alone does
 * not see risks that are all wrong in the same direction.
 *
 * When it misleads: flights that land first are short and punctual. Judged at noon, the model of 1 February has an AUC of .71, in the
 * evening .85: hence the 95 %. A day after a storm that is decay as well may pass as good: a week will tell.
 *
 * Source: evaluation/*.ts; limits from February and March 2001, where a model with a nightly timetable loses at most half of its skill
 * (1 March, .187 after .357) and .02 of its AUC.
 */
import { auc } from '../evaluation/auc.js';
import { ece } from '../evaluation/calibration.js';
import { logLoss, skill } from '../evaluation/log-loss.js';
import type { WindowFacts } from './flight-window.js';
import type { MonitorReference } from './reference.js';

export interface DelayedPerformance {
  state: 'good' | 'decayed' | 'labels not in yet';
  landed: number;
  /** Of the window's departures, how many have landed. */
  labelledShare: number;
  lateShare: number | null;
  auc: number | null;
  logLoss: number | null;
  /** 1 − log loss ÷ entropy of the window's own late share. */
  skill: number | null;
  ece: number | null;
  because: string;
}

const LEAST_LABELLED_SHARE = 0.95;
const LEAST_LABELS = 200;
/** Share of the reference's skill. */
const DECAYED_BELOW = 0.5;
const AUC_LOST = 0.05;

export function delayedPerformance(facts: WindowFacts, reference: MonitorReference): DelayedPerformance {
  const { risks, late } = facts.labels;
  const landed = late.length;
  const labelledShare = facts.departures === 0 ? 0 : landed / facts.departures;
  const lateCount = late.reduce((sum, label) => sum + label, 0);
  const enough = landed >= LEAST_LABELS && lateCount > 0 && lateCount < landed;
  const scores = {
    landed,
    labelledShare,
    lateShare: landed === 0 ? null : lateCount / landed,
    auc: enough ? auc(risks, late) : null,
    logLoss: enough ? logLoss(risks, late) : null,
    skill: enough ? skill(risks, late) : null,
    ece: enough ? ece(risks, late) : null,
  };
  const flights = `${landed.toLocaleString('en-US')} landed flights`;
  if (scores.skill === null || labelledShare < LEAST_LABELLED_SHARE || !facts.complete) {
    const because = `${flights} are ${(labelledShare * 100).toFixed(1)} % of the window's; a verdict needs ${LEAST_LABELLED_SHARE * 100} %, ${LEAST_LABELS} flights, and the window's end`;
    return { state: 'labels not in yet', ...scores, because };
  }
  const limit = reference.skill * DECAYED_BELOW;
  const leastAuc = reference.auc - AUC_LOST;
  const decayed = scores.skill < limit && (scores.auc ?? 0) < leastAuc;
  const constant = scores.skill < 0 ? ', worse than a constant' : '';
  const measured = `AUC ${scores.auc?.toFixed(3)}, skill ${scores.skill.toFixed(3)}${constant}, over ${flights}`;
  const limits = `AUC ${leastAuc.toFixed(3)} and skill ${limit.toFixed(3)} are the limits, both have to be missed`;
  return { state: decayed ? 'decayed' : 'good', ...scores, because: `${measured}; ${limits}` };
}
