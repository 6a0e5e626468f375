/**
 * Reads flights where the npm package vega-datasets has put them.
 *
 * Rule: DuckDB reads the Parquet file in place, only the row groups of the days asked for, and hands over numbers: airports become
 * positions in a list of codes. The order is by all columns, so that the same rows are the same bytes.
 *
 * Source: vega-datasets 3.2.1, data/flights-3m.parquet: US Department of Transportation, January to June 2001.
 */
import { DuckDBInstance } from '@duckdb/node-api';
import type { DuckDBConnection, DuckDBDataChunk } from '@duckdb/node-api';
import type { IngestRequest, ReadsFlights } from '../ingest.js';
import { packagedFile } from '../vega-datasets/store.js';
import { MISSING } from './columns.js';
import type { RawFlights } from './columns.js';
import { flightsWithin, tableOf } from './sql.js';

/** A file of flights that answers requests. */
export interface FlightSource extends ReadsFlights {
  close(): void;
}

/** How much of the machine reading may use. */
export interface SourceOptions {
  file?: string;
  threads?: number;
  memoryLimit?: string;
}

const COLUMNS = ['origins', 'destinations', 'localMinutes', 'distanceMiles', 'delayMinutes'] as const;

/** Opens the flights of the package, or another Parquet file of the same columns. */
export async function openFlights(options: SourceOptions = {}): Promise<FlightSource> {
  const file = options.file ?? packagedFile('flights-3m.parquet');
  const database = await DuckDBInstance.create(':memory:', {
    threads: String(options.threads ?? 2),
    memory_limit: options.memoryLimit ?? '1GB',
  });
  const connection = await database.connect();
  const flights = tableOf(file);
  await connection.run(
    `CREATE TEMP TABLE airport AS SELECT code, (row_number() OVER (ORDER BY code) - 1)::INTEGER AS position
     FROM (SELECT origin AS code FROM ${flights} UNION SELECT destination FROM ${flights}) WHERE code IS NOT NULL`,
  );
  const codes = await readCodes(connection);
  return {
    read: (request) => readRows(connection, flights, codes, request),
    close: () => {
      connection.closeSync();
      database.closeSync();
    },
  };
}

async function readCodes(connection: DuckDBConnection): Promise<string[]> {
  const reader = await connection.runAndReadAll('SELECT code FROM airport ORDER BY position');
  return reader.getRows().map(([code]) => String(code));
}

async function readRows(
  connection: DuckDBConnection,
  flights: string,
  codes: readonly string[],
  request: IngestRequest,
): Promise<RawFlights> {
  const result = await connection.stream(
    `SELECT coalesce(o.position, -1), coalesce(d.position, -1),
            coalesce((epoch_ms(date) // 60000)::INTEGER, ${MISSING}),
            coalesce(distance::INTEGER, ${MISSING}), coalesce(delay::INTEGER, ${MISSING})
     FROM ${flights} LEFT JOIN airport o ON o.code = origin LEFT JOIN airport d ON d.code = destination
     WHERE ${flightsWithin(request)}
     ORDER BY date, origin, destination, distance, delay`,
  );
  const chunks: DuckDBDataChunk[] = [];
  for (let chunk = await result.fetchChunk(); chunk !== null; chunk = await result.fetchChunk()) {
    if (chunk.rowCount === 0) break;
    chunks.push(chunk);
  }
  const source = `flights-3m.parquet of vega-datasets, ${request.from} to ${request.through}`;
  return { source, codes, ...columnsOf(chunks) };
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
