/**
 * Median: the middle value, or the mean of the two middle ones. @returns null for nothing: no value is not 0.
 *
 *   median([3, 1, 2]) // 2
 */
export function median(values: readonly number[]): number | null {
  const sorted = [...values].sort((a, b) => a - b);
  const upper = sorted[Math.floor(sorted.length / 2)];
  const lower = sorted[Math.ceil(sorted.length / 2) - 1];
  return lower === undefined || upper === undefined ? null : (lower + upper) / 2;
}
