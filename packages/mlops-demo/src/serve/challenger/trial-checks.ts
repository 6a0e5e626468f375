/**
 * Trial checks: is the challenger as good as the champion, in everything that can be laid at one model's door?
 *
 * in:  the windows so far, the paired losses, both models' weights, TrialPolicy → out: CheckResult[]
 *
 * Rule: six checks, each with three answers. Three are those of a release of the board (delivery/analyze.ts): failed answers, typical and
 * tail compute time per flight. The paired log loss is the fourth that decides by a test. Two are plain comparisons: the memory of the weights,
 * and whether enough flights were judged by both, which blames nobody. What both models share in one process (event loop, log, deaths)
 * tells them not apart and is not checked here; the alerts on the server are for that.
 *
 * When it misleads: a challenger that slows the whole process slows the champion with it.
 */
import { poolWindows, successRate, tailLatency, typicalLatency } from 'devops-demo/analysis';
import type { CanaryWindow, CheckResult } from 'devops-demo/analysis';
import { compareLosses } from './compare-losses.js';
import { measurementsOf } from './model-window.js';
import type { LossComparison } from './paired-losses.js';
import type { TrialPolicy } from './trial-policy.js';
import type { Side, TrialWindow } from './trial-record.js';

export interface TrialEvidence {
  versions: Record<Side, string>;
  windows: readonly TrialWindow[];
  losses: LossComparison;
  weightBytes: Record<Side, number>;
}

/** @param evidence with one window at least */
export function trialChecks(evidence: TrialEvidence, policy: TrialPolicy): CheckResult[] {
  const { versions, windows, losses, weightBytes } = evidence;
  const { analysis } = policy;
  const look = windows.length;
  const pooled = poolWindows(
    windows.map(({ champion, challenger, seconds }): CanaryWindow => ({
      primary: measurementsOf(champion, versions.champion),
      canary: measurementsOf(challenger, versions.challenger),
      seconds,
    })),
  );
  return [
    successRate(pooled, analysis, look),
    { ...typicalLatency(pooled, analysis, look), check: 'typical-compute-time' },
    { ...tailLatency(pooled, analysis, look), check: 'tail-compute-time' },
    compareWeights(weightBytes, policy),
    compared(windows, policy),
    compareLosses(losses, analysis, look),
  ];
}

function compareWeights({ champion, challenger }: Record<Side, number>, policy: TrialPolicy): CheckResult {
  const kind = challenger <= champion * policy.toleratedWeights ? 'pass' : 'fail';
  const because = `its weights take ${kilobytes(challenger)}, the champion's ${kilobytes(champion)}; ${policy.toleratedWeights} times as much is tolerated`;
  return { check: 'weights', kind, because, numbers: { champion, challenger } };
}

function compared(windows: readonly TrialWindow[], { leastCompared }: TrialPolicy): CheckResult {
  const check = 'compared';
  const dropped = windows.reduce((sum, window) => sum + window.dropped, 0);
  const judged = windows.reduce((sum, window) => sum + window.challenger.requests, 0);
  const asked = judged + dropped;
  if (asked === 0) return { check, kind: 'inconclusive', because: 'no flight was asked about', numbers: {} };
  const kind = judged >= asked * leastCompared ? 'pass' : 'inconclusive';
  const because = `${percent(judged / asked)} of ${asked.toLocaleString('en-US')} flights were judged by both, ${percent(leastCompared)} are needed`;
  return { check, kind, because, numbers: { judged, dropped } };
}

function kilobytes(bytes: number): string {
  return `${(bytes / 1_000).toFixed(1)} kB`;
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}
