/**
 * Logistic regression: the straight-line model that a network has to beat.
 *
 * in:  rows of some columns, labels
 * out: one weight a column and an intercept, log odds = x · weights + intercept
 *
 * Rule: Newton's method on the penalised log loss: minimise Σ surprise + ridge/2 · |weights|², until the largest step is below 10⁻⁸. The
 * intercept is not penalised. The answer is exact, the same on every backend.
 *
 * When it misleads: without a ridge, columns that depend on each other (the seven weekdays add up to 1) have no single answer.
 *
 * Source: McCullagh & Nelder, "Generalized Linear Models" (1989), ch. 4; the same minimum as scikit-learn's `LogisticRegression(C=1/ridge)`.
 */
export interface LogisticRegression {
  weights: number[];
  intercept: number;
}

const MOST_STEPS = 50;
const SMALLEST_STEP = 1e-8;

export function fitLogisticRegression(
  rows: Float32Array | Float64Array,
  columns: number,
  labels: Uint8Array,
  ridge: number,
): LogisticRegression {
  const size = columns + 1;
  const solution = new Float64Array(size);
  for (let step = 0; step < MOST_STEPS; step++) {
    const { gradient, hessian } = slopeAndCurvature(rows, columns, labels, solution);
    for (let j = 0; j < columns; j++) {
      gradient[j]! += ridge * solution[j]!;
      hessian[j * size + j]! += ridge;
    }
    const change = solve(hessian, gradient);
    let largest = 0;
    for (let j = 0; j < size; j++) {
      solution[j]! -= change[j]!;
      largest = Math.max(largest, Math.abs(change[j]!));
    }
    if (largest < SMALLEST_STEP) break;
  }
  return { weights: [...solution.subarray(0, columns)], intercept: solution[columns]! };
}

/** The probability of each row. */
export function scoreLogistic(
  rows: Float32Array | Float64Array,
  { weights, intercept }: LogisticRegression,
): Float32Array {
  const columns = weights.length;
  const risks = new Float32Array(rows.length / columns);
  for (let row = 0; row < risks.length; row++) {
    let odds = intercept;
    for (let j = 0; j < columns; j++) odds += weights[j]! * rows[row * columns + j]!;
    risks[row] = sigmoid(odds);
  }
  return risks;
}

export function sigmoid(logOdds: number): number {
  return 1 / (1 + Math.exp(-logOdds));
}

/** First and second derivative of the summed log loss. */
function slopeAndCurvature(
  rows: Float32Array | Float64Array,
  columns: number,
  labels: Uint8Array,
  solution: Float64Array,
): { gradient: Float64Array; hessian: Float64Array } {
  const size = columns + 1;
  const gradient = new Float64Array(size);
  const hessian = new Float64Array(size * size);
  const x = new Float64Array(size).fill(1);
  for (let row = 0; row < labels.length; row++) {
    let odds = solution[columns]!;
    for (let j = 0; j < columns; j++) {
      x[j] = rows[row * columns + j]!;
      odds += x[j]! * solution[j]!;
    }
    const risk = sigmoid(odds);
    const error = risk - labels[row]!;
    const weight = risk * (1 - risk);
    for (let j = 0; j < size; j++) {
      gradient[j]! += error * x[j]!;
      const weighted = weight * x[j]!;
      if (weighted === 0) continue;
      for (let k = 0; k <= j; k++) hessian[j * size + k]! += weighted * x[k]!;
    }
  }
  for (let j = 0; j < size; j++) for (let k = 0; k < j; k++) hessian[k * size + j] = hessian[j * size + k]!;
  return { gradient, hessian };
}

/** Solves a symmetric positive system by Cholesky decomposition. Destroys the matrix. */
function solve(matrix: Float64Array, right: Float64Array): Float64Array {
  const size = right.length;
  const at = (row: number, column: number): number => row * size + column;
  for (let j = 0; j < size; j++) {
    for (let k = 0; k < j; k++) {
      for (let i = j; i < size; i++) matrix[at(i, j)]! -= matrix[at(i, k)]! * matrix[at(j, k)]!;
    }
    const pivot = Math.sqrt(matrix[at(j, j)]!);
    if (!(pivot > 0))
      throw new RangeError('fitLogisticRegression: expected columns that do not depend on each other');
    for (let i = j; i < size; i++) matrix[at(i, j)]! /= pivot;
  }
  const answer = right.slice();
  for (let i = 0; i < size; i++) {
    for (let k = 0; k < i; k++) answer[i]! -= matrix[at(i, k)]! * answer[k]!;
    answer[i]! /= matrix[at(i, i)]!;
  }
  for (let i = size - 1; i >= 0; i--) {
    for (let k = i + 1; k < size; k++) answer[i]! -= matrix[at(k, i)]! * answer[k]!;
    answer[i]! /= matrix[at(i, i)]!;
  }
  return answer;
}
