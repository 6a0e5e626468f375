/**
 * Success rate: do more requests fail at the canary than at the primary?
 *
 * in: CanaryWindow, AnalysisPolicy, which look this is → out: CheckResult
 *
 * Rule: compareShares of failed requests; the primary of the same moment is the measure, not a fixed number. When a database
 * that both use goes away both fail, and the release is not blamed.
 * When it misleads: clients that send broken requests to one version only; a canary whose answers are 200 and wrong.
 * Source: see compare-shares.ts; B. Beyer and others, The Site Reliability Workbook (2018), chapter 16, canarying releases.
 *
 *   11 of 100 requests failed at the canary, 4 of 400 at the primary → fail
 */
import { compareShares, percent } from './compare-shares.js';
import type { CanaryWindow, CheckResult } from './measurements.js';
import { nothingToCompare } from './no-traffic.js';
import type { AnalysisPolicy } from './policy.js';

export function successRate(
  { canary, primary }: CanaryWindow,
  policy: AnalysisPolicy,
  look: number,
): CheckResult {
  const check = 'success-rate';
  const silent = nothingToCompare(canary.requests, primary.requests);
  if (silent !== undefined) return { check, kind: 'inconclusive', because: silent, numbers: {} };
  const compared = compareShares(
    { count: canary.failures, of: canary.requests },
    { count: primary.failures, of: primary.requests },
    policy.toleratedFailures,
    policy,
    look,
  );
  const { canaryShare, primaryShare } = compared.numbers;
  const seen =
    `${percent(canaryShare)} of ${Math.round(canary.requests)} canary requests failed, ` +
    `${percent(primaryShare)} of ${Math.round(primary.requests)} at the primary`;
  const numbers = { canaryRequests: canary.requests, primaryRequests: primary.requests, ...compared.numbers };
  return { check, kind: compared.kind, because: `${seen}: ${compared.because}`, numbers };
}
