/**
 * Restarts: did the canary's process die?
 *
 * in: CanaryWindow → out: CheckResult
 *
 * Rule: one death is enough to fail, because a healthy process has none; no sample is needed. When the primary died in the
 * same window the cause may be the machine they share: inconclusive.
 * When it misleads: someone who stops the process by hand; a machine that ran out of memory because of another program.
 *
 *   canary 1 death, primary 0 → fail
 */
import { resultsOf } from './check-result.js';
import type { CanaryWindow, CheckResult } from './measurements.js';

export function restarts({ canary, primary }: CanaryWindow): CheckResult {
  const numbers = { canary: canary.restarts, primary: primary.restarts };
  const result = resultsOf('restarts', numbers);
  if (canary.restarts === 0) return result('pass', "the canary's process did not die");
  const died = `the canary's process died ${canary.restarts === 1 ? 'once' : `${canary.restarts} times`}`;
  if (primary.restarts > 0)
    return result('inconclusive', `${died}, and the primary's died too: look at the machine they share`);
  return result('fail', `${died}, the primary's did not`);
}
