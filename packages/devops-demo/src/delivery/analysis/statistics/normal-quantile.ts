/**
 * Normal quantile: how many standard deviations leave this share below them?
 *
 * in: a share between 0 and 1 → out: z
 *
 * Rule: Acklam's rational approximation, relative error below 1.15e-9.
 * When it misleads: never within these digits; whether the data are normal is another question.
 * Source: P. J. Acklam, An algorithm for computing the inverse normal cumulative distribution function (2003).
 *
 *   normalQuantile(0.975) // 1.96
 */
const CENTRE_TOP = [
  -39.69683028665376, 220.9460984245205, -275.9285104469687, 138.357751867269, -30.66479806614716,
  2.506628277459239,
];
const CENTRE_BOTTOM = [
  -54.47609879822406, 161.5858368580409, -155.6989798598866, 66.80131188771972, -13.28068155288572, 1,
];
const TAIL_TOP = [
  -0.007784894002430293, -0.3223964580411365, -2.400758277161838, -2.549732539343734, 4.374664141464968,
  2.938163982698783,
];
const TAIL_BOTTOM = [0.007784695709041462, 0.3224671290700398, 2.445134137142996, 3.754408661907416, 1];
/** Where Acklam changes from the centre's formula to the tail's. */
const TAIL_SHARE = 0.02425;

export function normalQuantile(share: number): number {
  if (!(share > 0 && share < 1)) throw new Error(`normalQuantile: expected 0 < share < 1, got ${share}`);
  if (share > 0.5) return -normalQuantile(1 - share);
  if (share < TAIL_SHARE) {
    const root = Math.sqrt(-2 * Math.log(share));
    return polynomial(TAIL_TOP, root) / polynomial(TAIL_BOTTOM, root);
  }
  const fromCentre = share - 0.5;
  const square = fromCentre * fromCentre;
  return (fromCentre * polynomial(CENTRE_TOP, square)) / polynomial(CENTRE_BOTTOM, square);
}

/** Horner's rule; the first coefficient belongs to the highest power. */
function polynomial(coefficients: readonly number[], at: number): number {
  return coefficients.reduce((sum, coefficient) => sum * at + coefficient, 0);
}
