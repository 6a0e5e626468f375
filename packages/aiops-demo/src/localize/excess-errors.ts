/**
 * Failures beyond normal: how many requests too many failed in each interval?
 *
 * in: its normal metrics, those of the incident → out: Excess, or null when it cannot be judged
 *
 * Rule: failed − expected, where expected is the normal share of failures × requests; the mean over the measured intervals. A count
 * scatters by the square root of what is expected (Poisson), never by less than one request.
 * When it misleads: failures come in bursts, so they scatter more than that; a dependency that fails fast is asked again and
 * counts each attempt.
 * Source: Poisson counts as in any control chart for defects (c-chart, Shewhart 1931).
 *
 *   // normally none fails; 4 of 100 failed → { perInterval: 4, unusual: 4, expected: 0, seen: 0.04 }
 */
import { LEAST_NORMAL_VALUES } from './excess-latency.js';
import { pairs } from './metric-table.js';
import type { Excess, ServiceMetrics } from './metric-table.js';

export function excessErrors(normal: ServiceMetrics, incident: ServiceMetrics): Excess | null {
  const usual = countsOf(normal);
  const now = countsOf(incident);
  if (usual.requests < LEAST_NORMAL_VALUES || now.intervals === 0) return null;
  const expectedShare = usual.failed / usual.requests;
  const expected = expectedShare * now.requests;
  const tooMany = now.failed - expected;
  return {
    perInterval: tooMany / now.intervals,
    unusual: tooMany / Math.sqrt(expected + 1),
    expected: expectedShare,
    seen: now.requests === 0 ? 0 : now.failed / now.requests,
  };
}

function countsOf({ requests, failedShare }: ServiceMetrics) {
  const measured = pairs(requests, failedShare);
  return {
    intervals: measured.length,
    requests: measured.reduce((sum, [count]) => sum + count, 0),
    failed: measured.reduce((sum, [count, share]) => sum + count * share, 0),
  };
}
