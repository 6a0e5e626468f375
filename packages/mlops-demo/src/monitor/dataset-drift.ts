/**
 * Dataset drift: have so many columns moved that the window as a whole is another world than the reference?
 *
 * in:  the columns of the reference and of the window
 * out: { verdict: 'drift', drifted: 11, columns: ColumnDrift[], because: '11 of 19 columns drifted (58 %, 50 % is the limit), …' }
 *
 * Rule: drift when at least half of the columns drift, Evidently's default. Where columns are judged by p-values, these are adjusted
 * first (Benjamini–Hochberg, over all columns of this window): nineteen tests at 5 % would call something in two windows of three
 * although nothing has changed. Distances are effect sizes, not tests: they are not adjusted, and need not be.
 *
 * When it misleads: columns that hang together (nine delay means on a stormy day) drift together and outvote the rest. And it is blind
 * to one column that breaks alone: read the columns, not only the sum.
 *
 * Source: Evidently, "Data drift algorithm": `drift_share` 0.5.
 */
import { benjaminiHochberg } from './benjamini-hochberg.js';
import { measureColumn } from './column-drift.js';
import type { ColumnDrift, ColumnValues, Measured } from './column-drift.js';

/** Columns by name, and how many rows they stand for. */
export interface Columns {
  rows: number;
  columns: ReadonlyMap<string, ColumnValues>;
}

export interface DatasetDrift {
  verdict: 'drift' | 'no drift';
  drifted: number;
  columns: ColumnDrift[];
  because: string;
}

const DRIFT_SHARE = 0.5;
const NAMED = 3;

export function datasetDrift(reference: Columns, today: Columns): DatasetDrift {
  const measured: { column: string; found: Measured }[] = [];
  for (const [column, before] of reference.columns) {
    const now = today.columns.get(column);
    const found = now === undefined ? undefined : measureColumn(before, now, reference.rows);
    if (found !== undefined) measured.push({ column, found });
  }
  return datasetVerdict(judge(measured));
}

/** The verdict on a window, out of the verdicts on its columns. */
export function datasetVerdict(columns: ColumnDrift[]): DatasetDrift {
  const drifted = columns.filter((column) => column.drifted).length;
  const verdict = columns.length > 0 && drifted >= columns.length * DRIFT_SHARE ? 'drift' : 'no drift';
  return { verdict, drifted, columns, because: sentence(columns, drifted) };
}

function judge(measured: readonly { column: string; found: Measured }[]): ColumnDrift[] {
  const tested = measured.filter(({ found }) => isTest(found));
  const adjusted = benjaminiHochberg(tested.map(({ found }) => found.value));
  return measured.map(({ column, found }) => {
    if (!isTest(found)) {
      const drifted = found.value >= found.limit;
      const because = `${found.test} ${found.value.toFixed(3)} is ${drifted ? 'at least' : 'below'} ${found.limit}`;
      return { column, ...found, drifted, because };
    }
    const value = adjusted[tested.findIndex((each) => each.column === column)] ?? 1;
    const drifted = value < found.limit;
    const because = `${found.test} p ${value.toPrecision(2)}, adjusted for ${tested.length} columns, is ${drifted ? 'below' : 'at least'} ${found.limit}`;
    return { column, ...found, value, drifted, because };
  });
}

function isTest({ test }: Measured): boolean {
  return test === 'Kolmogorov–Smirnov' || test === 'χ²';
}

function sentence(columns: readonly ColumnDrift[], drifted: number): string {
  if (columns.length === 0) return 'no column can be compared';
  const percent = Math.round((drifted / columns.length) * 100);
  const said = `${drifted} of ${columns.length} columns drifted (${percent} %, ${DRIFT_SHARE * 100} % is the limit)`;
  const farthest = columns
    .filter((column) => column.drifted)
    .toSorted((a, b) => excess(b) - excess(a))
    .slice(0, NAMED)
    .map(({ column, value }) => `${column} ${value.toPrecision(2)}`);
  return farthest.length === 0 ? said : `${said}, farthest: ${farthest.join('; ')}`;
}

function excess({ value, limit, test }: ColumnDrift): number {
  return isTest({ value, limit, test, psi: 0 }) ? limit - value : value / limit;
}
