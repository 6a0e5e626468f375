/**
 * Benjamini–Hochberg: p-values of many tests, adjusted so that calling everything below 5 % drift is wrong for at most 5 % of what is called.
 *
 * in:  p-values [0.01, 0.04, 0.03, 0.005]
 * out: [0.02, 0.04, 0.04, 0.02]
 *
 * Rule: with the p-values in order, p₍ᵢ₎ · m / i, made monotone from the largest down.
 *
 * Why: nineteen columns tested at 5 % give a false alarm on two windows in three with nothing changed.
 *
 * When it misleads: it bounds the share of false calls, not their number. It is right for independent tests and for those that hang
 * together positively; features of the same airport do.
 *
 * Source: Y. Benjamini & Y. Hochberg (1995); SciPy's `false_discovery_control`.
 */
export function benjaminiHochberg(pValues: readonly number[]): number[] {
  const order = [...pValues.keys()].sort((a, b) => pValues[b]! - pValues[a]!);
  const adjusted = pValues.map(() => 1);
  let least = 1;
  for (const [place, index] of order.entries()) {
    const rank = pValues.length - place;
    least = Math.min(least, pValues[index]! * (pValues.length / rank));
    adjusted[index] = least;
  }
  return adjusted;
}
