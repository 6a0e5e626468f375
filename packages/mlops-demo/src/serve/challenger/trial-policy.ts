/**
 * Trial policy: how long a trial looks, and how much worse a challenger may be. One object, for the server and for `mlops story`.
 *
 * The chances are those of the analysis of the board's releases: four of the six checks decide by a test there as here (failures, typical and
 * tail compute time, log loss), so the allowed error is divided in the same way.
 */
import { DEFAULT_POLICY } from 'devops-demo/analysis';
import type { AnalysisPolicy } from 'devops-demo/analysis';

export interface TrialPolicy {
  analysis: AnalysisPolicy;
  /** A window ends when so many flights that both judged have landed, */
  windowLandings: number;
  /** or after so long on a wall clock, so that a trial without traffic ends. */
  mostWindowSeconds: number;
  /** Factor by which the challenger's weights may be larger than the champion's. */
  toleratedWeights: number;
  /** Share of the questions that both have to have judged. */
  leastCompared: number;
}

/**
 * What scoring costs is a twentieth of a request, and which of the two comes first in a turn moves it by more than a quarter: a challenger may
 * take twice the time, and twice the memory. A flight takes microseconds, so no delay is tolerated as such.
 */
export const TRIAL_POLICY: TrialPolicy = {
  analysis: { ...DEFAULT_POLICY, toleratedSlowdown: 2, toleratedDelaySeconds: 0, toleratedSlowAnswers: 0.05 },
  windowLandings: 200,
  mostWindowSeconds: 120,
  toleratedWeights: 2,
  leastCompared: 0.95,
};
