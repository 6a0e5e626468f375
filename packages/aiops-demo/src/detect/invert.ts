/**
 * Inverse of a symmetric positive definite matrix, by Gauss-Jordan elimination without pivoting (which such a matrix does not need).
 *
 * Where: relation-detector.ts needs it to say what one signal should be, given the others.
 * in: a correlation or covariance matrix → out: its inverse, the precision matrix
 *
 *   invert([[2, 0], [0, 4]]) // [[0.5, 0], [0, 0.25]]
 */
export function invert(matrix: readonly (readonly number[])[]): number[][] {
  const size = matrix.length;
  const rows = matrix.map((row, i) => [...row, ...row.map((_, j) => (i === j ? 1 : 0))]);
  for (let pivot = 0; pivot < size; pivot += 1) {
    const divisor = rows[pivot]![pivot]!;
    if (!(divisor > 0)) throw new Error(`invert: expected a positive definite matrix, got pivot ${divisor}`);
    const scaled = rows[pivot]!.map((cell) => cell / divisor);
    rows[pivot] = scaled;
    for (let other = 0; other < size; other += 1) {
      if (other === pivot) continue;
      const factor = rows[other]![pivot]!;
      rows[other] = rows[other]!.map((cell, column) => cell - factor * scaled[column]!);
    }
  }
  return rows.map((row) => row.slice(size));
}
