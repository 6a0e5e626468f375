/** A DataDiff in words and numbers for a terminal. */
import { PSI_CHANGED_ABOVE, PSI_UNCHANGED_BELOW } from '../../monitor/population-stability.js';
import { grouped } from '../versions/lines.js';
import type { ColumnStatistics } from '../versions/manifest.js';
import type { ColumnChange, DataDiff } from './compare.js';

const MOST_VALUES = 8;
/** QUANTILES[3] and [5]: the median and 95 %. */
const MEDIAN = 3;
const HIGH = 5;

/** One line about the schema, two about the rows, and some about each column. */
export function diffLines(before: string, after: string, diff: DataDiff): string[] {
  return [
    `${before} → ${after}`,
    schemaLine(diff.schema),
    ...rowLines(diff.rows),
    ...diff.columns.flatMap(columnLines),
  ];
}

function schemaLine({ added, removed, retyped }: DataDiff['schema']): string {
  const changes = [
    ...added.map((name) => `${name} is new`),
    ...removed.map((name) => `${name} is gone`),
    ...retyped,
  ];
  return `schema: ${changes.length === 0 ? 'the same' : changes.join(', ')}`;
}

function rowLines({ before, after, onlyBefore, onlyAfter }: DataDiff['rows']): string[] {
  const change = after - before;
  const share = ((change / before) * 100).toFixed(1);
  return [
    `rows: ${grouped(before)} → ${grouped(after)} (${signed(change, grouped)}, ${signed(Number(share))} %)`,
    `  ${grouped(onlyAfter)} rows are only in the second, ${grouped(onlyBefore)} only in the first, ${grouped(after - onlyAfter)} in both`,
  ];
}

function columnLines(column: ColumnChange): string[] {
  const { name, before, after, psi } = column;
  const nulls =
    before.nulls === after.nulls ? [] : [`nulls ${grouped(before.nulls)} → ${grouped(after.nulls)}`];
  const shift = `the distribution ${shiftOf(psi)} (PSI ${psi.toFixed(4)})`;
  return [`${name}: ${[...nulls, statisticsText(before, after), shift].join('; ')}`, ...setLines(column)];
}

function shiftOf(psi: number): string {
  if (psi < PSI_UNCHANGED_BELOW) return 'stays';
  return psi > PSI_CHANGED_ABOVE ? 'moves much' : 'moves';
}

function statisticsText(before: ColumnStatistics, after: ColumnStatistics): string {
  if (before.kind === 'number' && after.kind === 'number') {
    return [
      `mean ${step(before.mean, after.mean)}`,
      `median ${step(before.quantiles[MEDIAN], after.quantiles[MEDIAN])}`,
      `95 % ${step(before.quantiles[HIGH], after.quantiles[HIGH])}`,
      `range ${number(before.min)} to ${number(before.max)} → ${number(after.min)} to ${number(after.max)}`,
    ].join(', ');
  }
  if (before.kind === 'text' && after.kind === 'text') return `values ${before.distinct} → ${after.distinct}`;
  if (before.kind === 'time' && after.kind === 'time') {
    return `${before.min} to ${before.max} → ${after.min} to ${after.max}; by hour of the day`;
  }
  return `${before.kind} → ${after.kind}`;
}

function setLines({ appeared = [], vanished = [] }: ColumnChange): string[] {
  const list = (values: { value: string; rows: number }[]): string => {
    const told = values.slice(0, MOST_VALUES).map(({ value, rows }) => `${value} (${grouped(rows)} rows)`);
    return `${told.join(', ')}${values.length > MOST_VALUES ? `, and ${values.length - MOST_VALUES} more` : ''}`;
  };
  return [
    ...(appeared.length === 0 ? [] : [`  appeared: ${list(appeared)}`]),
    ...(vanished.length === 0 ? [] : [`  vanished: ${list(vanished)}`]),
  ];
}

function step(before: number | null | undefined, after: number | null | undefined): string {
  if (before === null || before === undefined || after === null || after === undefined) return 'unknown';
  return `${number(before)} → ${number(after)} (${signed(Number((after - before).toFixed(1)))})`;
}

function signed(value: number, text: (size: number) => string = String): string {
  return `${value < 0 ? '−' : '+'}${text(Math.abs(value))}`;
}

function number(value: number | null): string {
  return value === null ? '–' : String(Number(value.toFixed(1)));
}
