/**
 * Reads flights where the npm package vega-datasets has put them.
 *
 * Rule: DuckDB reads the Parquet file in place, only the row groups of the days asked for, and hands over numbers: airports become
 * positions in a list of codes. The order is by all columns, so that the same rows are the same bytes.
 *
 * Source: vega-datasets 3.2.1, data/flights-3m.parquet: US Department of Transportation, January to June 2001.
 */
import { DuckDBInstance } from '@duckdb/node-api';
import { basename } from 'node:path';
import type { ReadsFlights } from '../ingest.js';
import { packagedFile } from '../vega-datasets/store.js';
import { readCodes, readRows } from './rows/store.js';
import { flightsWithin, spansWithin, tableOf } from './sql.js';

const RECORDED = 'flights-3m.parquet';

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

/** Opens the flights of the package, or another Parquet file of the same columns. */
export async function openFlights(options: SourceOptions = {}): Promise<FlightSource> {
  const file = options.file ?? packagedFile(RECORDED);
  const name = file === packagedFile(RECORDED) ? `${RECORDED} of vega-datasets` : basename(file);
  const database = await DuckDBInstance.create(':memory:', {
    threads: String(options.threads ?? 2),
    memory_limit: options.memoryLimit ?? '1GB',
  });
  const connection = await database.connect();
  const flights = tableOf(file);
  const codes = await readCodes(connection, flights);
  return {
    read: async (request) => ({
      source: `${name}, ${request.from} to ${request.through}`,
      codes,
      ...(await readRows(connection, flights, spansWithin(request).map(flightsWithin))),
    }),
    close: () => {
      connection.closeSync();
      database.closeSync();
    },
  };
}
