/**
 * Traffic mix: has the canary met what the primary is asked?
 *
 * in: CanaryWindow → out: CheckResult
 *
 * Rule: never a fail, for no version chooses what it is asked. Inconclusive while a route that makes up at least 2 % of the primary's answers was
 * not asked of the canary at all although at least five such requests were to be expected: by chance that happens less than once in a hundred times (e⁻⁵).
 * When it misleads: kinds of requests that share a route, as a flight that lands after midnight and one that does not. A release that renames a
 * route never meets the old name, and ends without an answer.
 * Source: chosen here, after a load whose requests took turns by four hid a version that fails in one of them (gateway/balance.ts).
 *
 *   primary: 1,000 GET /v1/flights, 500 POST /v1/flights; canary: 80 POST /v1/flights → inconclusive
 */
import { resultsOf } from './check-result.js';
import type { CanaryWindow, CheckResult, RouteCount } from './measurements.js';

const LEAST_SHARE = 0.02;
const LEAST_EXPECTED = 5;

export function trafficMix({ canary, primary }: CanaryWindow): CheckResult {
  const asked = primary.routes ?? [];
  const met = new Set(canary.routes?.map(({ route }) => route));
  const answers = sum(asked);
  const owed = asked.map(({ route, requests }) => ({ route, share: requests / answers }));
  const due = owed.filter(({ share }) => share >= LEAST_SHARE && share * canary.requests >= LEAST_EXPECTED);
  const missed = due.filter(({ route }) => !met.has(route));
  const numbers = { routes: due.length, missed: missed.length };
  const result = resultsOf('traffic-mix', numbers);
  if (missed.length === 0)
    return result('pass', 'the canary was asked for every route that the primary often is');
  const words = missed.map(({ route, share }) => `${route} (${(share * 100).toFixed(1)} % of the primary's)`);
  return result(
    'inconclusive',
    `none of ${Math.round(canary.requests)} canary requests was ${words.join(' or ')}: it has to meet what the primary is asked`,
  );
}

function sum(counts: readonly RouteCount[]): number {
  return counts.reduce((total, { requests }) => total + requests, 0);
}
