/**
 * Population stability index (PSI): how far a distribution has moved from its reference.
 *
 * in:  shares of the reference [0.2, 0.3, 0.5] and of today [0.3, 0.3, 0.4]
 * out: 0.0628594…  (0.1·ln 1.5 + 0 + 0.1·ln 1.25)
 *
 * Rule: Σ (today − reference) · ln(today ÷ reference) over the bins. An empty bin counts as a share of 0.0001, because the
 * logarithm of nothing is no number.
 *
 * When it misleads: it sees how many, not why. And it grows by chance in small samples, by about (bins − 1)/n.
 *
 * Source: N. Siddiqi, Credit Risk Scorecards (2006), also for the limits; B. Yurdakul, Statistical Properties of the PSI (2018).
 */
const SMALLEST_SHARE = 0.0001;
/** Below, nothing has changed; above the second, much has. */
export const PSI_UNCHANGED_BELOW = 0.1;
export const PSI_CHANGED_ABOVE = 0.25;

export function populationStability(reference: readonly number[], today: readonly number[]): number {
  if (reference.length !== today.length) {
    throw new RangeError(
      `populationStability: expected as many bins today as in the reference, got ${today.length} and ${reference.length}`,
    );
  }
  return reference.reduce((sum, share, bin) => {
    const before = Math.max(share, SMALLEST_SHARE);
    const now = Math.max(today[bin] ?? 0, SMALLEST_SHARE);
    return sum + (now - before) * Math.log(now / before);
  }, 0);
}
