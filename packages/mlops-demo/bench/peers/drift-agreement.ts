/**
 * Agreement: do two monitors say the same of every column, and if not, why?
 *
 * Rule: values are compared before any adjustment, verdicts after it. A different verdict is put down to the adjustment where the values alone
 * would give the same, to a new category where Evidently's expected count is 0, and is spelled out otherwise.
 */
import { measureColumn } from 'mlops-demo/training';
import type { ColumnDrift, Columns, ColumnValues } from 'mlops-demo/training';

/** What either side says of a column. */
export type Said = Pick<ColumnDrift, 'column' | 'value' | 'drifted'> & { test: string };

export interface Agreement {
  columns: number;
  agreed: number;
  /** Of the values before any adjustment, by test. */
  apart: Map<string, number>;
  reasons: Map<string, number>;
}

export function noAgreement(): Agreement {
  return { columns: 0, agreed: 0, apart: new Map(), reasons: new Map() };
}

export interface Pair {
  here: readonly Said[];
  there: readonly Said[];
  before: Columns;
  now: Columns;
}

export function addPair(agreement: Agreement, { here, there, before, now }: Pair): void {
  for (const ours of here) {
    const theirs = there.find(({ column }) => column === ours.column);
    if (theirs === undefined) throw new Error(`bench: Evidently has no column ${ours.column}`);
    const alone = measureColumn(
      before.columns.get(ours.column)!,
      now.columns.get(ours.column)!,
      before.rows,
    )!;
    const test = `${alone.test}${alone.test === 'χ²' ? ` (${theirs.test})` : ''}`;
    const apart = Math.abs(alone.value - theirs.value);
    agreement.apart.set(test, Math.max(agreement.apart.get(test) ?? 0, apart));
    agreement.columns += 1;
    if (ours.drifted === theirs.drifted) {
      agreement.agreed += 1;
      continue;
    }
    const isDistance = alone.test === 'Wasserstein' || alone.test === 'Jensen–Shannon';
    const drifted = isDistance ? alone.value >= alone.limit : alone.value < alone.limit;
    const values = `${alone.test} ${alone.value.toPrecision(2)}, their ${theirs.test} ${theirs.value.toPrecision(2)}`;
    const why =
      drifted === theirs.drifted
        ? 'our p-values are adjusted for all columns'
        : theirs.value === 0 && hasNewCategory(before.columns.get(ours.column), now.columns.get(ours.column))
          ? 'a category that the reference lacks: Evidently expects none, so its χ² is infinite'
          : `${ours.column}: ${values}`;
    agreement.reasons.set(why, (agreement.reasons.get(why) ?? 0) + 1);
  }
}

function hasNewCategory(before: ColumnValues | undefined, now: ColumnValues | undefined): boolean {
  if (before?.kind !== 'categorical' || now?.kind !== 'categorical') return false;
  return [...now.counts.keys()].some((category) => !before.counts.has(category));
}
