/**
 * Check result: the answers of a check whose numbers are the same whatever it finds.
 *
 * in: the check's name, its numbers → out: a function of the finding and its sentence
 *
 *   resultsOf('restarts', { canary: 1, primary: 0 })('fail', 'it died') // { check: 'restarts', kind: 'fail', because: 'it died', numbers: … }
 */
import type { CheckResult } from './measurements.js';

export function resultsOf(
  check: string,
  numbers: CheckResult['numbers'],
): (kind: CheckResult['kind'], because: string) => CheckResult {
  return (kind, because) => ({ check, kind, because, numbers });
}
