/**
 * Robust z-score: how far a value is from the usual, in usual spreads.
 *
 * in: the values of a window, one value → out: expected, spread, z
 *
 * Rule: expected = median, spread = 1.4826 × MAD (median absolute deviation; the factor makes it the standard
 * deviation for normal data), z = (value − expected) / spread. Up to half of the window may be wild without
 * moving either.
 * When it misleads: a series that is constant for more than half of its window has spread 0, and then any change is
 * infinitely unusual; the caller needs a floor. Seasons longer than the window look like changes.
 * Source: Iglewicz and Hoaglin, "How to Detect and Handle Outliers", ASQC 1993; Hampel, JASA 1974.
 *
 *   robustZ([1, 2, 3, 4, 100], 6) // { expected: 3, spread: 1.4826, z: 2.02… }
 */
import { median, medianAbsoluteDeviation } from 'simple-statistics';

const MAD_TO_STANDARD_DEVIATION = 1.4826;

export interface RobustZ {
  readonly expected: number;
  readonly spread: number;
  readonly z: number;
}

export function robustZ(window: readonly number[], value: number): RobustZ {
  if (window.length === 0) throw new Error('robustZ: expected at least one value in the window, got none');
  const expected = median([...window]);
  const spread = MAD_TO_STANDARD_DEVIATION * medianAbsoluteDeviation([...window]);
  const distance = value - expected;
  const z = distance === 0 ? 0 : distance / spread;
  return { expected, spread, z };
}
