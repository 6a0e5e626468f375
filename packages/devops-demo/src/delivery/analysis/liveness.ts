/**
 * Liveness: does the canary still answer its probe?
 *
 * in: CanaryWindow → out: CheckResult
 *
 * Rule: fail when it has been silent for 10 s and the primary has not: a version that hangs is as bad as one that died, and no sample is needed, for
 * what hangs answers nothing that could be counted. When the primary is silent for half as long the cause may be the machine they share.
 * A canary that has just begun to be silent does not pass.
 * When it misleads: a scraper that is cut off from the canary only.
 * Source: `failureThreshold` of a Kubernetes liveness probe: three failures, ten seconds apart, by default
 * (https://kubernetes.io/docs/tasks/configure-pod-container/configure-liveness-readiness-startup-probes/); shorter here, for users wait meanwhile.
 *
 *   canary silent for 12 s, primary for 0 s → fail
 */
import { resultsOf } from './check-result.js';
import type { CanaryWindow, CheckResult } from './measurements.js';

const MOST_SECONDS = 10;

export function liveness({ canary, primary }: CanaryWindow): CheckResult {
  const [silent, primarySilent] = [canary.silentSeconds ?? 0, primary.silentSeconds ?? 0];
  const numbers = { silent, primarySilent, limit: MOST_SECONDS };
  const result = resultsOf('liveness', numbers);
  if (silent === 0) return result('pass', 'the canary answers its probe');
  const words = `the canary has not answered its probe for ${silent.toFixed(0)} s`;
  if (primarySilent > silent / 2)
    return result(
      'inconclusive',
      `${words}, the primary not for ${primarySilent.toFixed(0)} s: look at the machine they share`,
    );
  if (silent < MOST_SECONDS) return result('inconclusive', `${words}; ${MOST_SECONDS} s are a fail`);
  return result('fail', `${words}, the primary has`);
}
