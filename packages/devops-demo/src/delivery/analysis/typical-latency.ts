/**
 * Typical latency: are the canary's answers as a whole slower than is tolerated?
 *
 * in: CanaryWindow, AnalysisPolicy, which look this is → out: CheckResult
 *
 * Rule: slow the primary down by the tolerated factor, and by the tolerated delay at least, on paper, and ask whether the
 * canary is slower still. Brunner and Munzel's estimate compares all answers in pairs, whatever the shape of their distribution:
 *   fail:         the canary is surely slower than the slowed primary (lower bound above 0.5)
 *   pass:         the canary is surely faster than the slowed primary (upper bound below 0.5)
 *   inconclusive: neither
 * The factor is the practical effect: with enough requests any test finds a difference of a microsecond, this one asks
 * whether it is a quarter. The delay matters where a quarter is less than two milliseconds.
 * When it misleads: wide buckets. The slowed primary is interpolated, so with all answers in one bucket nothing inside it
 * is seen, and a small step over a bound looks large. A canary that gets other routes than the primary is compared with
 * other work. The first answers of a process are slow at any version: see warm-up.ts; a process without CPU is: see one-stall.ts.
 * Source: see brunner-munzel.ts.
 *
 *   answers around 18 ms at the canary (200), around 12 ms at the primary (3,000) → fail: slower than a primary slowed
 *   by 25 % in 57 of 100 pairs
 */
import { answersIn, commonBounds, countsBetween, latencyQuantile } from './latency-buckets.js';
import type { CanaryWindow, CheckResult, VerdictKind } from './measurements.js';
import { nothingToCompare } from './no-traffic.js';
import { passDeviations, stopLevel } from './policy.js';
import type { AnalysisPolicy } from './policy.js';
import { brunnerMunzel } from './statistics/brunner-munzel.js';
import type { Superiority } from './statistics/brunner-munzel.js';
import { normalQuantile } from './statistics/normal-quantile.js';

const EQUAL = 0.5;

export function typicalLatency(
  { canary, primary }: CanaryWindow,
  policy: AnalysisPolicy,
  look: number,
): CheckResult {
  const check = 'typical-latency';
  const answers = answersIn(canary.latency);
  const silent = tooFew(answers, answersIn(primary.latency), policy);
  if (silent !== undefined) return { check, kind: 'inconclusive', because: silent, numbers: { answers } };
  const bounds = commonBounds(canary.latency, primary.latency);
  const { toleratedSlowdown: factor, toleratedDelaySeconds: seconds } = policy;
  const slowed = countsBetween(primary.latency, bounds, { factor, seconds });
  const compared = brunnerMunzel(countsBetween(canary.latency, bounds), slowed);
  const kind = kindOf(compared, policy, look);
  const [canaryP50, primaryP50] = [
    latencyQuantile(0.5, canary.latency),
    latencyQuantile(0.5, primary.latency),
  ];
  const because =
    `half of ${Math.round(answers)} canary answers took at most ${milliseconds(canaryP50)}, ` +
    `of the primary's ${milliseconds(primaryP50)}; ${WORDS[kind]} a primary slowed by ` +
    `${toleratedWords(primaryP50, policy)} (slower in ${Math.round(compared.larger * 100)} of 100 pairs)`;
  const numbers = { answers, canaryP50, primaryP50, slowerThanSlowed: compared.larger };
  return { check, kind, because, numbers: { ...numbers, standardError: compared.standardError } };
}

/** Of factor and delay the one that tolerates more at the median. */
function toleratedWords(p50: number, policy: AnalysisPolicy): string {
  const more = policy.toleratedSlowdown - 1;
  return p50 * more < policy.toleratedDelaySeconds
    ? milliseconds(policy.toleratedDelaySeconds)
    : `${Math.round(more * 100)} %`;
}

const WORDS: Record<VerdictKind, string> = {
  pass: 'surely faster than',
  fail: 'surely slower than',
  inconclusive: 'not yet to be told from',
};

function kindOf({ larger, standardError }: Superiority, policy: AnalysisPolicy, look: number): VerdictKind {
  if (larger - normalQuantile(1 - stopLevel(policy)) * standardError > EQUAL) return 'fail';
  if (larger + passDeviations(policy, look) * standardError < EQUAL) return 'pass';
  return 'inconclusive';
}

/** Why latencies cannot be judged yet, or undefined. */
export function tooFew(
  canary: number,
  primary: number,
  { leastRequests }: AnalysisPolicy,
): string | undefined {
  const silent = nothingToCompare(canary, primary);
  if (silent !== undefined) return silent;
  if (Math.min(canary, primary) >= leastRequests) return undefined;
  return `${Math.round(canary)} canary and ${Math.round(primary)} primary latencies, ${leastRequests} of each are needed`;
}

export function milliseconds(seconds: number): string {
  return `${(seconds * 1_000).toPrecision(3)} ms`;
}
