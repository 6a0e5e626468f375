/**
 * Newcombe's interval: how far apart may two true shares be, given what was counted?
 *
 * in: two shares as counts, a number of standard errors → out: lower and upper bound of (first - second)
 *
 * Rule: Wilson's interval for each share, their distances from the observed shares joined like the sides of a right angle.
 * When it misleads: it is an approximation; with a handful of requests the true level may be off by a point or two. Unlike
 * the textbook interval it is never empty at zero failures: 0 of 20 still allows 16 % (two-sided 95 %).
 * Source: R. G. Newcombe, Interval estimation for the difference between independent proportions, Statistics in Medicine 17
 * (1998), method 10; E. B. Wilson (1927).
 *
 *   newcombeInterval({ count: 56, of: 70 }, { count: 48, of: 80 }, 1.96) // { lower: 0.0524, upper: 0.3339 }
 */
import type { Share } from './fisher-exact.js';

export interface Interval {
  readonly lower: number;
  readonly upper: number;
}

export function newcombeInterval(first: Share, second: Share, deviations: number): Interval {
  const [one, two] = [first.count / first.of, second.count / second.of];
  const [ofOne, ofTwo] = [wilsonInterval(first, deviations), wilsonInterval(second, deviations)];
  return {
    lower: one - two - Math.hypot(one - ofOne.lower, ofTwo.upper - two),
    upper: one - two + Math.hypot(ofOne.upper - one, two - ofTwo.lower),
  };
}

export function wilsonInterval({ count, of }: Share, z: number): Interval {
  const share = count / of;
  const centre = count + (z * z) / 2;
  const reach = z * Math.sqrt(count * (1 - share) + (z * z) / 4);
  return { lower: Math.max(0, (centre - reach) / (of + z * z)), upper: (centre + reach) / (of + z * z) };
}
