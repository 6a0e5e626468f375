/**
 * Analysis run: one canary, looked at window after window, until there is an answer or the looks are used up.
 *
 * in: the windows so far, AnalysisPolicy → out: AnalysisRun
 *
 * Rule: analyze all windows pooled. Pass and fail end the run; inconclusive waits for the next window, and at the last planned
 * look it ends too: whoever drives the release then takes the canary away, as after a fail, but blames nobody.
 * So no canary waits for ever: a look takes one window, and up to four where traffic is thin (looks.ts).
 * When it misleads: little traffic. A run that ends inconclusive says nothing against the release; it says that the question
 * needs more requests than came.
 * Source: `count` and `inconclusiveLimit` of an AnalysisRun in Argo Rollouts; fluxcd/flagger#1035, #1090 and #1633 for the wait.
 *
 *   analysisRun(tenWindowsWithoutTraffic)
 *   // { finished: true, verdict: { kind: 'inconclusive', because: 'no answer after 10 windows: no request reached …' } }
 */
import { analyze } from '../analyze.js';
import type { CanaryWindow, Verdict } from './measurements.js';
import { DEFAULT_POLICY } from './policy.js';
import type { AnalysisPolicy } from './policy.js';
import { looksOf } from './looks.js';
import { withoutOneStall } from './one-stall.js';
import { poolWindows } from './pool-windows.js';

export interface AnalysisRun {
  /** No further window is needed. */
  readonly finished: boolean;
  readonly verdict: Verdict;
}

export function analysisRun(
  windows: readonly CanaryWindow[],
  policy: AnalysisPolicy = DEFAULT_POLICY,
): AnalysisRun {
  const { ended, cold, spent } = looksOf(windows, policy);
  // Between two looks the proof of the earlier one is asked: a stricter one.
  const look = Math.max(1, ended);
  const spending = { ...policy, wrongStops: policy.wrongStops * spent };
  const judge = (some: readonly CanaryWindow[]) => analyze(poolWindows(some), spending, look, cold);
  const verdict = withoutOneStall(judge(windows), windows, judge);
  if (verdict.kind !== 'inconclusive') return { finished: true, verdict };
  if (ended < policy.looks) return { finished: false, verdict };
  const because = `no answer after ${windows.length} windows: ${verdict.because}`;
  return { finished: true, verdict: { ...verdict, because } };
}
