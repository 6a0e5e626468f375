/**
 * Reads rows of flights out of DuckDB into columns of numbers.
 *
 * in:  a table expression, a condition → out: airports as positions in a list of codes, minutes and miles as integers
 *
 * Rule: ordered by all columns, so the same rows are the same bytes. A number that is absent, or none, is MISSING.
 */
import type { DuckDBConnection, DuckDBDataChunk } from '@duckdb/node-api';
import { MISSING } from '../columns.js';
import type { RawFlights } from '../columns.js';

const COLUMNS = ['origins', 'destinations', 'localMinutes', 'distanceMiles', 'delayMinutes'] as const;

/** Makes the list of airports that `readRows` counts by. */
export async function readCodes(connection: DuckDBConnection, table: string): Promise<string[]> {
  await connection.run(
    `CREATE OR REPLACE TEMP TABLE airport AS SELECT code, (row_number() OVER (ORDER BY code) - 1)::INTEGER AS position
     FROM (SELECT origin AS code FROM ${table} UNION SELECT destination FROM ${table}) WHERE code IS NOT NULL`,
  );
  const reader = await connection.runAndReadAll('SELECT code FROM airport ORDER BY position');
  return reader.getRows().map(([code]) => String(code));
}

/** The rows that fulfil the condition. */
export async function readRows(
  connection: DuckDBConnection,
  table: string,
  condition: string,
): Promise<Omit<RawFlights, 'source' | 'codes'>> {
  const result = await connection.stream(
    `SELECT coalesce(o.position, -1), coalesce(d.position, -1),
            coalesce(TRY_CAST(epoch_ms(date::TIMESTAMP) // 60000 AS INTEGER), ${MISSING}),
            coalesce(TRY_CAST(distance AS INTEGER), ${MISSING}), coalesce(TRY_CAST(delay AS INTEGER), ${MISSING})
     FROM ${table} LEFT JOIN airport o ON o.code = origin LEFT JOIN airport d ON d.code = destination
     WHERE ${condition}
     ORDER BY date, origin, destination, distance, delay`,
  );
  const chunks: DuckDBDataChunk[] = [];
  for (let chunk = await result.fetchChunk(); chunk !== null; chunk = await result.fetchChunk()) {
    if (chunk.rowCount === 0) break;
    chunks.push(chunk);
  }
  return columnsOf(chunks);
}

function columnsOf(chunks: readonly DuckDBDataChunk[]): Record<(typeof COLUMNS)[number], Int32Array> {
  const rows = chunks.reduce((sum, chunk) => sum + chunk.rowCount, 0);
  const columns = COLUMNS.map((name, column) => {
    const values = new Int32Array(rows);
    let at = 0;
    for (const chunk of chunks) {
      const vector = chunk.getColumnVector(column);
      const count = chunk.rowCount;
      for (let row = 0; row < count; row++) values[at++] = vector.getItem(row) as number;
    }
    return [name, values] as const;
  });
  return Object.fromEntries(columns) as Record<(typeof COLUMNS)[number], Int32Array>;
}
