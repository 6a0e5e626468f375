/**
 * How far a small batch may be from what is expected by chance alone. A day of one airport has a hundred rows: one odd row among them is
 * no broken batch.
 *
 * Rule: three standard deviations. In a batch of 500,000 rows that is next to nothing, in one of 100 it decides.
 *
 * Source: shares are binomial; a PSI between two samples of one distribution is about χ²(bins − 1)·(1/n + 1/m): B. Yurdakul, Statistical
 * Properties of the PSI (2018).
 */
const DEVIATIONS = 3;

/** The most rows that a share of so many may be. */
export function mostRows(share: number, rows: number): number {
  return share * rows + DEVIATIONS * Math.sqrt(share * (1 - share) * rows);
}

/** What a PSI over so many bins may be by chance between samples of `rows` and `referenceRows`. */
export function chancePsi(bins: number, rows: number, referenceRows: number): number {
  const freedom = bins - 1;
  return (freedom + DEVIATIONS * Math.sqrt(2 * freedom)) * (1 / rows + 1 / referenceRows);
}
