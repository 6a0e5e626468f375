/**
 * Describes a table: how many rows, which columns, and statistics of each.
 *
 * in:  a way to ask DuckDB, a table expression → out: { rows: 508239, schema: [{ name: 'delay', type: 'BIGINT' }, …], columns: { delay: { kind: 'number', mean: … } } }
 *
 * Rule: numbers have mean, deviation and quantiles, times have a first and a last, text has its most frequent values.
 *
 * When it misleads: sums of doubles depend on the order of rows; the same numbers come out because a batch has one order and one thread.
 */
import { identifier } from '../sql.js';
import { QUANTILES } from '../versions/manifest.js';
import type { ColumnStatistics, DataManifest } from '../versions/manifest.js';

/** Asks DuckDB; answers rows of values. */
export type Ask = (sql: string) => Promise<unknown[][]>;

/** What is known about a table. */
export type Description = Pick<DataManifest, 'rows' | 'schema' | 'columns'>;

const TOP = 10;

/** Describes the table. */
export async function describeTable(ask: Ask, table: string): Promise<Description> {
  const [count] = await ask(`SELECT count(*)::DOUBLE FROM ${table}`);
  const rows = Number(count?.[0]);
  const described = await ask(`DESCRIBE SELECT * FROM ${table}`);
  const schema = described.map(([name, type]) => ({ name: String(name), type: String(type) }));
  const columns: Record<string, ColumnStatistics> = {};
  for (const { name, type } of schema) columns[name] = await describeColumn(ask, table, name, type);
  return { rows, schema, columns };
}

async function describeColumn(
  ask: Ask,
  table: string,
  name: string,
  type: string,
): Promise<ColumnStatistics> {
  const column = identifier(name);
  const [missing] = await ask(`SELECT count(*) FILTER (${column} IS NULL)::DOUBLE FROM ${table}`);
  const nulls = Number(missing?.[0]);
  if (type === 'VARCHAR') return { kind: 'text', nulls, ...(await describeText(ask, table, column)) };
  if (/^(DATE|TIMESTAMP)/.test(type)) {
    const [row] = await ask(`SELECT min(${column})::VARCHAR, max(${column})::VARCHAR FROM ${table}`);
    return { kind: 'time', nulls, min: textOrNull(row?.[0]), max: textOrNull(row?.[1]) };
  }
  return { kind: 'number', nulls, ...(await describeNumber(ask, table, column)) };
}

async function describeText(ask: Ask, table: string, column: string) {
  const [row] = await ask(`SELECT count(DISTINCT ${column})::DOUBLE FROM ${table}`);
  const top = await ask(
    `SELECT ${column}, count(*)::DOUBLE FROM ${table} WHERE ${column} IS NOT NULL GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT ${TOP}`,
  );
  return {
    distinct: Number(row?.[0]),
    top: top.map(([value, rows]) => ({ value: String(value), rows: Number(rows) })),
  };
}

async function describeNumber(ask: Ask, table: string, column: string) {
  const quantiles = QUANTILES.map((rank) => `quantile_cont(${column}, ${rank})::DOUBLE`);
  const [row = []] = await ask(
    `SELECT min(${column})::DOUBLE, max(${column})::DOUBLE, avg(${column})::DOUBLE, stddev_samp(${column})::DOUBLE,
            ${quantiles.join(', ')} FROM ${table}`,
  );
  const [min, max, mean, deviation, ...ranks] = row.map(numberOrNull);
  return {
    min: min ?? null,
    max: max ?? null,
    mean: mean ?? null,
    deviation: deviation ?? null,
    quantiles: ranks.filter((value) => value !== null),
  };
}

function numberOrNull(value: unknown): number | null {
  return typeof value === 'number' ? value : null;
}

function textOrNull(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}
