/** Small files of real flights for tests: those of one airport, as DuckDB writes them. */
import { DuckDBInstance } from '@duckdb/node-api';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packagedFile } from '../../src/vega-datasets/store.js';

/** The recorded flights. */
export const RECORDED = packagedFile('flights-3m.parquet');

/** A folder of this test's own. */
export function scratch(): Promise<string> {
  return mkdtemp(join(tmpdir(), 'mlops-data-'));
}

/** Runs SQL on a DuckDB of its own; `flight` is the flights from and to Louisville. */
export async function sql(...statements: string[]): Promise<unknown[][]> {
  const database = await DuckDBInstance.create(':memory:', { threads: '1' });
  const connection = await database.connect();
  await connection.run(
    `CREATE VIEW flight AS SELECT * FROM '${RECORDED}' WHERE origin = 'SDF' OR destination = 'SDF'`,
  );
  let rows: unknown[][] = [];
  for (const statement of statements) rows = (await connection.runAndReadAll(statement)).getRows();
  connection.closeSync();
  database.closeSync();
  return rows;
}

/** Writes the answer to a query into a Parquet or CSV file; answers its path. */
export async function fileOf(path: string, query: string): Promise<string> {
  const format = path.endsWith('.csv') ? 'FORMAT csv, HEADER' : 'FORMAT parquet';
  await sql(`COPY (${query}) TO '${path}' (${format})`);
  return path;
}
