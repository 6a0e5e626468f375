/**
 * Compare shares: is a bad thing more frequent at the canary than is tolerated?
 *
 * in: its share at the canary and at the primary, what is tolerated → out: pass, fail or inconclusive, with the numbers
 *
 * Rule: three answers from two tests.
 *   fail:         chance cannot explain the difference (Fisher), and the difference seen is more than tolerated
 *   pass:         even the largest difference that the counts allow (Newcombe) is less than tolerated: non-inferiority
 *   inconclusive: neither; more requests will tell
 * "Not proven worse" is no pass, so a small sample cannot pass; "looks worse" is no fail, so bad luck cannot fail.
 * When it misleads: a difference below the tolerated one passes, for ever: ten releases of one point each add up.
 * Source: G. Piaggio and others, Reporting of noninferiority and equivalence randomized trials, JAMA 308 (2012).
 *
 *   11 of 100 against 4 of 400, 2 points tolerated  → fail (p = 0.0000085)
 *    0 of 100 against 4 of 400, 2 points tolerated  → inconclusive: up to 2.7 points more are possible
 *    1 of 900 against 9 of 9,000, 2 points tolerated → pass: at most 0.5 points more
 */
import type { VerdictKind } from './measurements.js';
import { passDeviations, stopLevel } from './policy.js';
import type { AnalysisPolicy } from './policy.js';
import { fisherExact } from './statistics/fisher-exact.js';
import type { Share } from './statistics/fisher-exact.js';
import { newcombeInterval } from './statistics/newcombe-interval.js';

export interface SharesCompared {
  readonly kind: VerdictKind;
  readonly because: string;
  readonly numbers: {
    readonly canaryShare: number;
    readonly primaryShare: number;
    /** Probability of so many at the canary, were both alike. */
    readonly chance: number;
    /** Largest difference that the counts allow. */
    readonly largestDifference: number;
    readonly tolerated: number;
  };
}

export function compareShares(
  canary: Share,
  primary: Share,
  tolerated: number,
  policy: AnalysisPolicy,
  look: number,
): SharesCompared {
  const [canaryShare, primaryShare] = [canary.count / canary.of, primary.count / primary.of];
  const chance = fisherExact(canary, primary);
  const largestDifference = newcombeInterval(canary, primary, passDeviations(policy, look)).upper;
  const numbers = { canaryShare, primaryShare, chance, largestDifference, tolerated };
  if (chance <= stopLevel(policy) && canaryShare - primaryShare > tolerated) {
    const because = `more than chance explains (p = ${chance.toPrecision(2)}), and more than the tolerated ${points(tolerated)}`;
    return { kind: 'fail', because, numbers };
  }
  const bound = `at most ${points(largestDifference)} more are possible, ${points(tolerated)} are tolerated`;
  if (largestDifference < tolerated && canary.of >= policy.leastRequests)
    return { kind: 'pass', because: bound, numbers };
  const enough = leastToPass(tolerated, policy);
  const wait =
    canary.of < enough ? `; a pass takes ${enough} requests at least` : '; more requests will tell';
  return { kind: 'inconclusive', because: `${bound}${wait}`, numbers };
}

/** Canary requests that pass at the last look when nothing bad happens in any of them: Wilson's bound z² / (n + z²) falls below what is tolerated. */
export function leastToPass(tolerated: number, policy: AnalysisPolicy): number {
  const square = passDeviations(policy, policy.looks) ** 2;
  return Math.max(policy.leastRequests, Math.ceil((square * (1 - tolerated)) / tolerated));
}

export function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}

function points(share: number): string {
  return `${(share * 100).toFixed(1)} points`;
}
