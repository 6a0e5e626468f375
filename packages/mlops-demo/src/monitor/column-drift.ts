/**
 * Column drift: has one column moved away from its reference?
 *
 * in:  a column's values in the reference and in the window
 * out: { column: 'system 1 h, mean delay', test: 'Wasserstein', value: 1.31, limit: 0.1, drifted: true, psi: 2.2, because: … }
 *
 * Rule, Evidently's default; the reference's rows decide:
 *   more than 1000 rows   numeric: Wasserstein in standard deviations of the reference ≥ 0.1 · categorical: Jensen–Shannon ≥ 0.1
 *   at most 1000 rows     numeric: Kolmogorov–Smirnov p < 0.05 · categorical: χ² p < 0.05
 * The population stability index stands beside each verdict and decides nothing.
 *
 * When it misleads: a distance says how far, not whether chance can do it: with 229 airports in 500 flights Jensen–Shannon is above 0.1
 * by chance alone. A p-value says that something moved, however little.
 *
 * Source: Evidently, "Data drift algorithm" (docs-old.evidentlyai.com/reference/data-drift-algorithm). Two departures from it: χ² is the
 * test of homogeneity (chi-squared.ts says why), and a column of two categories takes it too, instead of the Z-test (z² = χ²).
 */
import { chiSquaredTest } from './chi-squared.js';
import { jensenShannon } from './jensen-shannon.js';
import { kolmogorovSmirnov } from './kolmogorov-smirnov.js';
import { populationStability } from './population-stability.js';
import { sorted } from './sorted.js';
import { normedWasserstein } from './wasserstein.js';

/** A column's values, NaN where one is missing; or how often each category was seen. */
export type ColumnValues =
  { kind: 'numeric'; values: Float64Array } | { kind: 'categorical'; counts: ReadonlyMap<string, number> };

/** Distances are compared with 0.1, p-values with 0.05. */
export type DriftTest = 'Wasserstein' | 'Jensen–Shannon' | 'Kolmogorov–Smirnov' | 'χ²';

export interface ColumnDrift {
  column: string;
  test: DriftTest;
  /** A distance, or a p-value. */
  value: number;
  limit: number;
  drifted: boolean;
  psi: number;
  because: string;
}

/** What a test has found, before other columns' tests are taken into account. */
export type Measured = Pick<ColumnDrift, 'test' | 'value' | 'limit' | 'psi'>;

export const SMALL_ROWS = 1_000;
const DISTANCE_LIMIT = 0.1;
const P_LIMIT = 0.05;
const PSI_BINS = 10;

/** Undefined where one side has no value at all, or where the kinds differ: a matter of data quality, not of drift. */
export function measureColumn(
  reference: ColumnValues,
  today: ColumnValues,
  referenceRows: number,
): Measured | undefined {
  const small = referenceRows <= SMALL_ROWS;
  if (reference.kind === 'numeric' && today.kind === 'numeric') {
    return measureNumbers(present(reference.values), present(today.values), small);
  }
  if (reference.kind === 'categorical' && today.kind === 'categorical') {
    return measureCategories(reference.counts, today.counts, small);
  }
  return undefined;
}

function measureNumbers(before: Float64Array, now: Float64Array, small: boolean): Measured | undefined {
  if (before.length === 0 || now.length === 0) return undefined;
  const edges = decilesOf(before);
  const psi = populationStability(sharesWithin(before, edges), sharesWithin(now, edges));
  if (small) {
    const { p } = kolmogorovSmirnov(before, now);
    return { test: 'Kolmogorov–Smirnov', value: p, limit: P_LIMIT, psi };
  }
  return { test: 'Wasserstein', value: normedWasserstein(before, now), limit: DISTANCE_LIMIT, psi };
}

function measureCategories(
  before: ReadonlyMap<string, number>,
  now: ReadonlyMap<string, number>,
  small: boolean,
): Measured | undefined {
  const categories = [...new Set([...before.keys(), ...now.keys()])].toSorted();
  const [a, b] = [before, now].map((counts) => categories.map((category) => counts.get(category) ?? 0));
  if (a === undefined || b === undefined || sum(a) === 0 || sum(b) === 0) return undefined;
  const psi = populationStability(shares(a), shares(b));
  if (small) return { test: 'χ²', value: chiSquaredTest(a, b).p, limit: P_LIMIT, psi };
  return { test: 'Jensen–Shannon', value: jensenShannon(a, b), limit: DISTANCE_LIMIT, psi };
}

/** Inner edges of ten bins with the same number of reference rows; equal edges fall together. */
function decilesOf(values: Float64Array): number[] {
  const inOrder = sorted(values);
  const edges = Array.from(
    { length: PSI_BINS - 1 },
    (_, i) => inOrder[Math.floor(((i + 1) * inOrder.length) / PSI_BINS)]!,
  );
  return [...new Set(edges)];
}

function sharesWithin(values: Float64Array, edges: readonly number[]): number[] {
  const counts = Array.from({ length: edges.length + 1 }, () => 0);
  for (const value of values) {
    const bin = edges.findIndex((edge) => value < edge);
    counts[bin < 0 ? edges.length : bin]! += 1;
  }
  return shares(counts);
}

function shares(counts: readonly number[]): number[] {
  const total = sum(counts);
  return counts.map((count) => count / total);
}

function sum(counts: readonly number[]): number {
  return counts.reduce((total, count) => total + count, 0);
}

function present(values: Float64Array): Float64Array {
  return values.some(Number.isNaN) ? values.filter((value) => !Number.isNaN(value)) : values;
}
