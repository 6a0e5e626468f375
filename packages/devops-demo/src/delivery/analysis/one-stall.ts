/**
 * One stall: does a fail hang on a single window?
 *
 * in: Verdict of all windows, the windows, how to judge them → out: Verdict, in which one slow window is no proof
 *
 * Rule: a fail of latency, tail or event loop stands when it stands without any one of the windows. The tests take answers as independent,
 * but when the machine gives a process no CPU for some seconds, all that wait in it are slow together: hundreds of answers, one event.
 * What is slow by its code is slow in the next window too. Failures, deaths, memory and new errors need no second window.
 * When it misleads: two stalls in one run. A defect that shows itself for one window and never again is not stopped by its speed.
 * Source: the jackknife, M. H. Quenouille, Notes on bias in estimation, Biometrika 43 (1956); `failureLimit` and `consecutiveErrorLimit`
 * of Argo Rollouts ask for repetition too. Seen here: the same version beside itself on a machine at ten times its load.
 *
 *   window 1 alike, window 2 slow → inconclusive; window 3 slow too → fail
 */
import { verdictOf } from '../analyze.js';
import { answersIn } from './latency-buckets.js';
import type { CanaryWindow, CheckResult, Verdict, VersionMeasurements } from './measurements.js';

const BY_STALLS: ReadonlySet<string> = new Set(['typical-latency', 'tail-latency', 'event-loop']);

export function withoutOneStall(
  verdict: Verdict,
  windows: readonly CanaryWindow[],
  judge: (windows: readonly CanaryWindow[]) => Verdict,
): Verdict {
  const doubted = ({ check, kind }: CheckResult) => kind === 'fail' && BY_STALLS.has(check);
  if (!verdict.checks.some(doubted)) return verdict;
  const again = windows.flatMap(({ canary }, left) => {
    if (tellsNoSpeed(canary)) return [];
    const others = windows.filter((_, at) => at !== left);
    return [others.length === 0 ? [] : judge(others).checks];
  });
  const stands = ({ check }: CheckResult) =>
    again.every((checks) => checks.some((other) => other.check === check && other.kind === 'fail'));
  return verdictOf(
    verdict.checks.map((result) => (doubted(result) && !stands(result) ? hangingOnOne(result) : result)),
  );
}

/** Without it the same is known. */
function tellsNoSpeed({ latency, saturation }: VersionMeasurements): boolean {
  return answersIn(latency) === 0 && saturation.eventLoopLagSeconds === null;
}

function hangingOnOne(result: CheckResult): CheckResult {
  const because = `${result.because}; but only because of one window, which one stall explains`;
  return { ...result, kind: 'inconclusive', because };
}
