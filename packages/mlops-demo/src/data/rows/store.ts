/**
 * Reads rows of flights out of DuckDB into columns of numbers.
 *
 * in:  a table expression, conditions → out: airports as positions in a list of codes, minutes and miles as integers
 *
 * Rule: ordered by all columns, so the same rows are the same bytes. A number that is absent, or none, is MISSING. The rows of one condition are
 * counted, sorted and read before those of the next, straight into the columns: what DuckDB holds is one condition's rows.
 */
import type { DuckDBConnection } from '@duckdb/node-api';
import { MISSING } from '../columns.js';

const COLUMNS = ['origins', 'destinations', 'localMinutes', 'distanceMiles', 'delayMinutes'] as const;
type Columns = Record<(typeof COLUMNS)[number], Int32Array>;

/** Makes the list of airports that `readRows` counts by. */
export async function readCodes(connection: DuckDBConnection, table: string): Promise<string[]> {
  await connection.run(
    `CREATE OR REPLACE TEMP TABLE airport AS SELECT code, (row_number() OVER (ORDER BY code) - 1)::INTEGER AS position
     FROM (SELECT origin AS code FROM ${table} UNION SELECT destination FROM ${table}) WHERE code IS NOT NULL`,
  );
  const reader = await connection.runAndReadAll('SELECT code FROM airport ORDER BY position');
  return reader.getRows().map(([code]) => String(code));
}

/** The rows that fulfil one of the conditions, which exclude each other and come in order of date. */
export async function readRows(
  connection: DuckDBConnection,
  table: string,
  conditions: readonly string[],
): Promise<Columns> {
  const counts: number[] = [];
  for (const condition of conditions) {
    const reader = await connection.runAndReadAll(
      `SELECT count(*)::INTEGER FROM ${table} WHERE ${condition}`,
    );
    counts.push(Number(reader.getRows()[0]?.[0]));
  }
  const rows = counts.reduce((sum, count) => sum + count, 0);
  const columns = Object.fromEntries(COLUMNS.map((name) => [name, new Int32Array(rows)])) as Columns;
  let from = 0;
  for (const [index, condition] of conditions.entries()) {
    await readInto(columns, from, connection, table, condition);
    from += counts[index]!;
  }
  return columns;
}

async function readInto(
  columns: Columns,
  from: number,
  connection: DuckDBConnection,
  table: string,
  condition: string,
): Promise<void> {
  const result = await connection.stream(
    `SELECT coalesce(o.position, -1), coalesce(d.position, -1),
            coalesce(TRY_CAST(epoch_ms(date::TIMESTAMP) // 60000 AS INTEGER), ${MISSING}),
            coalesce(TRY_CAST(distance AS INTEGER), ${MISSING}), coalesce(TRY_CAST(delay AS INTEGER), ${MISSING})
     FROM ${table} LEFT JOIN airport o ON o.code = origin LEFT JOIN airport d ON d.code = destination
     WHERE ${condition}
     ORDER BY date, origin, destination, distance, delay`,
  );
  let at = from;
  for (let chunk = await result.fetchChunk(); chunk !== null; chunk = await result.fetchChunk()) {
    const { rowCount } = chunk;
    if (rowCount === 0) break;
    for (const [column, name] of COLUMNS.entries()) {
      const vector = chunk.getColumnVector(column);
      for (let row = 0; row < rowCount; row++) columns[name][at + row] = vector.getItem(row) as number;
    }
    at += rowCount;
  }
}
