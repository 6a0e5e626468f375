/**
 * Tail latency: are more of the canary's answers among the slowest?
 *
 * in: CanaryWindow, AnalysisPolicy, which look this is → out: CheckResult
 *
 * Rule: take the bucket bound nearest to the primary's p99 and count the answers slower than it. At the primary that is
 * about one in a hundred; compareShares tells whether at the canary it is more. A p99 of 200 requests is the mood of two of
 * them; the share beyond a fixed bound uses exact counts and has a known error.
 * When it misleads: the nearest bound may be half a bucket away from the p99, so the share at the primary is then 0.1 % or
 * 4 % rather than 1 %. A doubled p99 that stays inside one bucket is not seen.
 * Source: the sign test for quantiles, J. V. Bradley, Distribution-free statistical tests (1968); compare-shares.ts.
 *
 *   primary p99 50 ms; slower than 50 ms: 1 % of the primary's answers, 7 % of 200 at the canary → fail
 */
import { compareShares, percent } from './compare-shares.js';
import { answersIn, answersWithin, commonBounds, latencyQuantile } from './latency-buckets.js';
import type { CanaryWindow, CheckResult, LatencyBucket } from './measurements.js';
import type { AnalysisPolicy } from './policy.js';
import type { Share } from './statistics/fisher-exact.js';
import { milliseconds, tooFew } from './typical-latency.js';

const TAIL = 0.99;

export function tailLatency(
  { canary, primary }: CanaryWindow,
  policy: AnalysisPolicy,
  look: number,
): CheckResult {
  const check = 'tail-latency';
  const answers = answersIn(canary.latency);
  const silent = tooFew(answers, answersIn(primary.latency), policy);
  if (silent !== undefined) return { check, kind: 'inconclusive', because: silent, numbers: { answers } };
  const primaryP99 = latencyQuantile(TAIL, primary.latency);
  const bound = nearest(commonBounds(canary.latency, primary.latency), primaryP99);
  if (bound === undefined) {
    const because = 'the two versions have no latency bucket in common';
    return { check, kind: 'inconclusive', because, numbers: { answers } };
  }
  const compared = compareShares(
    slowerThan(bound, canary.latency),
    slowerThan(bound, primary.latency),
    policy.toleratedSlowAnswers,
    policy,
    look,
  );
  const { canaryShare, primaryShare } = compared.numbers;
  const because =
    `slower than ${milliseconds(bound)}: ${percent(canaryShare)} of ${Math.round(answers)} canary answers, ` +
    `${percent(primaryShare)} of the primary's: ${compared.because}`;
  const canaryP99 = latencyQuantile(TAIL, canary.latency);
  const numbers = { answers, boundSeconds: bound, canaryP99, primaryP99, ...compared.numbers };
  return { check, kind: compared.kind, because, numbers };
}

/** By ratio, as latencies and their buckets grow. */
function nearest(bounds: readonly number[], seconds: number): number | undefined {
  const distance = (bound: number) => Math.abs(Math.log(bound / seconds));
  return bounds
    .filter((bound) => bound !== Infinity)
    .reduce<number | undefined>(
      (best, bound) => (best === undefined || distance(bound) < distance(best) ? bound : best),
      undefined,
    );
}

function slowerThan(bound: number, latency: readonly LatencyBucket[]): Share {
  const of = answersIn(latency);
  return { count: of - answersWithin(latency, bound), of };
}
