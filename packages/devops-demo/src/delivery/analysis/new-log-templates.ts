/**
 * New log templates: does the canary complain of something that the primary never complained of?
 *
 * in: CanaryWindow, AnalysisPolicy, which look this is → out: CheckResult
 *
 * Rule: the primary answered many more requests; if it knew this line, chance would have let it say it. Were both alike, each
 * of k lines comes from the canary with the probability w = its share of the requests, so all k do with w^k.
 *   fail:         w^k below the level, for an error; for a warning also more lines than the tolerated share of requests
 *   pass:         none, or surely rarer than tolerated and not surely new
 *   inconclusive: neither
 * When it misleads: lines come in bursts: one bad request that writes three lines counts as three. A release that is meant
 * to warn of something new, often, is stopped; say it at level info first.
 * Source: J. Przyborowski and H. Wilenski, Homogeneity of results in testing samples from Poisson series (1940).
 *
 *   weight 10 %, 'cannot parse <*>' 4 times at ERROR → fail: 0.1⁴ = 0.0001
 */
import { compareShares } from './compare-shares.js';
import type { CanaryWindow, CheckResult, LogTemplate } from './measurements.js';
import { nothingToCompare } from './no-traffic.js';
import { stopLevel } from './policy.js';
import type { AnalysisPolicy } from './policy.js';

const CHECK = 'new-log-templates';
const ERRORS = new Set(['ERROR', 'FATAL']);
const COMPLAINTS = new Set(['WARN', 'WARNING', ...ERRORS]);

export function newLogTemplates(window: CanaryWindow, policy: AnalysisPolicy, look: number): CheckResult {
  const { canary, primary } = window;
  const silent = nothingToCompare(canary.requests, primary.requests);
  if (silent !== undefined) return { check: CHECK, kind: 'inconclusive', because: silent, numbers: {} };
  const complaints = canary.newLogTemplates.filter(({ severity }) => COMPLAINTS.has(severity.toUpperCase()));
  if (complaints.length === 0) return withoutComplaints(canary.requests, policy);
  const weight = canary.requests / (canary.requests + primary.requests);
  const level = stopLevel(policy) / complaints.length;
  const loudest = [...complaints].sort((a, b) => b.count - a.count);
  const defect = loudest.find(
    (complaint) =>
      weight ** complaint.count <= level &&
      (ERRORS.has(complaint.severity.toUpperCase()) ||
        complaint.count / canary.requests > policy.toleratedFailures),
  );
  if (defect !== undefined) return defectFound(defect, weight);
  return rareEnough(loudest[0], window, policy, look);
}

function withoutComplaints(requests: number, { leastRequests }: AnalysisPolicy): CheckResult {
  const numbers = { complaints: 0, requests };
  const none = `no new warning or error in ${Math.round(requests)} requests`;
  if (requests >= leastRequests) return { check: CHECK, kind: 'pass', because: none, numbers };
  return { check: CHECK, kind: 'inconclusive', because: `${none}, ${leastRequests} are needed`, numbers };
}

function defectFound({ template, severity, count }: LogTemplate, weight: number): CheckResult {
  const chance = weight ** count;
  const because = `"${template}" (${severity}) ${count} times, never said by the primary: not by chance (p = ${chance.toPrecision(2)})`;
  return { check: CHECK, kind: 'fail', because, numbers: { count, chance } };
}

function rareEnough(
  loudest: LogTemplate | undefined,
  { canary, primary }: CanaryWindow,
  policy: AnalysisPolicy,
  look: number,
): CheckResult {
  const count = loudest?.count ?? 0;
  const { kind, because, numbers } = compareShares(
    { count: Math.min(count, canary.requests), of: canary.requests },
    { count: 0, of: primary.requests },
    policy.toleratedFailures,
    policy,
    look,
  );
  const seen = `"${loudest?.template}" (${loudest?.severity}) is new, in ${count} of ${Math.round(canary.requests)} requests`;
  // What is surely new and frequent was found above: a fail here would be the same warning below its level.
  const settled = kind === 'pass' ? 'pass' : 'inconclusive';
  return { check: CHECK, kind: settled, because: `${seen}: ${because}`, numbers: { count, ...numbers } };
}
