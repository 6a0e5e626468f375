/**
 * What changed from one data version to another.
 *
 * in:  two tables (the rows of the versions) and a way to ask DuckDB → out: DataDiff: columns, rows, and a shift for each column
 *
 * Rule: the shift is the population stability index over the deciles of the first version for numbers, over the hours of the day for times,
 * over the values for text. Missing values are a bin of their own.
 *
 * When it misleads: PSI sees that a distribution moved, not whether a model cares. Between small versions it grows by chance, by about
 * (bins − 1) · (1/n + 1/m).
 *
 * Source: bands of PSI (0.1, 0.25) from N. Siddiqi, Credit Risk Scorecards (2006).
 */
import { populationStability } from '../../monitor/population-stability.js';
import { describeTable } from '../parquet/statistics.js';
import type { Ask } from '../parquet/statistics.js';
import { identifier, quoted } from '../sql.js';
import type { ColumnStatistics, DataManifest } from '../versions/manifest.js';

/** How one column changed. */
export interface ColumnChange {
  name: string;
  before: ColumnStatistics;
  after: ColumnStatistics;
  psi: number;
  /** Text only: values of one version that the other does not have, most rows first. */
  appeared?: { value: string; rows: number }[];
  vanished?: { value: string; rows: number }[];
}

/** What changed. */
export interface DataDiff {
  schema: { added: string[]; removed: string[]; retyped: string[] };
  rows: { before: number; after: number; onlyBefore: number; onlyAfter: number };
  columns: ColumnChange[];
}

/** Compares two tables. */
export async function compareTables(ask: Ask, before: string, after: string): Promise<DataDiff> {
  const [a, b] = [await describeTable(ask, before), await describeTable(ask, after)];
  const schema = schemaChange(a.schema, b.schema);
  const same = schema.added.length + schema.removed.length + schema.retyped.length === 0;
  const only = async (left: string, right: string, all: number): Promise<number> =>
    same ? countOf(ask, `(SELECT * FROM ${left} EXCEPT ALL SELECT * FROM ${right})`) : all;
  const rows = {
    before: a.rows,
    after: b.rows,
    onlyBefore: await only(before, after, a.rows),
    onlyAfter: await only(after, before, b.rows),
  };
  const columns: ColumnChange[] = [];
  for (const { name, type } of a.schema) {
    const [was, is] = [a.columns[name], b.columns[name]];
    if (was === undefined || is === undefined || was.kind !== is.kind) continue;
    const bin = await binOf(ask, before, name, type);
    const counts = await countsOf(ask, before, after, bin);
    const psi = populationStability(
      counts.map(({ before }) => before / a.rows),
      counts.map(({ after }) => after / b.rows),
    );
    columns.push({ name, before: was, after: is, psi, ...(was.kind === 'text' ? setChange(counts) : {}) });
  }
  return { schema, rows, columns };
}

function schemaChange(before: DataManifest['schema'], after: DataManifest['schema']): DataDiff['schema'] {
  const typeIn = (schema: DataManifest['schema'], name: string): string | undefined =>
    schema.find((column) => column.name === name)?.type;
  return {
    added: after.filter(({ name }) => typeIn(before, name) === undefined).map(({ name }) => name),
    removed: before.filter(({ name }) => typeIn(after, name) === undefined).map(({ name }) => name),
    retyped: before.flatMap(({ name, type }) => {
      const now = typeIn(after, name);
      return now === undefined || now === type ? [] : [`${name} from ${type} to ${now}`];
    }),
  };
}

/** An expression that says which bin a row is in. */
async function binOf(ask: Ask, before: string, name: string, type: string): Promise<string> {
  const column = identifier(name);
  if (type === 'VARCHAR') return column;
  if (type.startsWith('TIMESTAMP')) return `hour(${column})`;
  if (type === 'DATE') return `dayname(${column})`;
  const ranks = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9];
  const [edges = []] = await ask(
    `SELECT ${ranks.map((rank) => `quantile_disc(${column}, ${rank})::DOUBLE`).join(', ')} FROM ${before}`,
  );
  const distinct = [...new Set(edges.filter((edge) => edge !== null).map(Number))];
  return ['0', ...distinct.map((edge) => `(${column} > ${edge})::INTEGER`)].join(' + ');
}

interface BinCount {
  value: string;
  before: number;
  after: number;
}

async function countsOf(ask: Ask, before: string, after: string, bin: string): Promise<BinCount[]> {
  const missing = quoted('(missing)');
  const counts = await ask(
    `SELECT value, sum(a)::DOUBLE, sum(b)::DOUBLE FROM (
       SELECT coalesce((${bin})::VARCHAR, ${missing}) AS value, 1 AS a, 0 AS b FROM ${before} UNION ALL
       SELECT coalesce((${bin})::VARCHAR, ${missing}), 0, 1 FROM ${after}) GROUP BY value ORDER BY value`,
  );
  return counts.map(([value, a, b]) => ({ value: String(value), before: Number(a), after: Number(b) }));
}

function setChange(counts: readonly BinCount[]): Pick<ColumnChange, 'appeared' | 'vanished'> {
  const byRows = (list: { value: string; rows: number }[]) => list.sort((a, b) => b.rows - a.rows);
  return {
    appeared: byRows(
      counts.filter(({ before }) => before === 0).map(({ value, after }) => ({ value, rows: after })),
    ),
    vanished: byRows(
      counts.filter(({ after }) => after === 0).map(({ value, before }) => ({ value, rows: before })),
    ),
  };
}

async function countOf(ask: Ask, table: string): Promise<number> {
  const [row] = await ask(`SELECT count(*)::DOUBLE FROM ${table}`);
  return Number(row?.[0]);
}
