/**
 * Cuts batches out of a file of flights and writes them as Parquet, always the same bytes for the same rows.
 *
 * in:  a Parquet or CSV file, days → out: Parquet bytes, schema, statistics of every column
 *
 * Rule: one thread, rows ordered by all columns, fixed compression and row groups, and no time of writing in the file. DuckDB writes
 * its own version into the footer, so another version of DuckDB may give other bytes for the same rows.
 */
import { DuckDBInstance } from '@duckdb/node-api';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { flightsWithin, quoted, tableOf } from '../sql.js';
import { describeTable } from './statistics.js';
import type { Ask, Description } from './statistics.js';

/** Which rows of the file. */
export interface BatchRequest {
  from: string;
  through: string;
  airports?: readonly string[];
}

/** A batch, ready to be kept. */
export interface WrittenBatch extends Description {
  bytes: Uint8Array;
}

/** A file that batches are cut from. */
export interface BatchCutter {
  /** The first and the last local day in the file. */
  days(): Promise<{ from: string; through: string }>;
  /** The batch of these days, or undefined where the file has no row of them. */
  cut(request: BatchRequest): Promise<WrittenBatch | undefined>;
  close(): Promise<void>;
}

const ROWS_PER_GROUP = 122_880;

/** DuckDB could not read the file to its end. */
export class UnreadableFile extends Error {
  override name = 'UnreadableFile';
}

/** Opens the file. */
export async function openBatchCutter(file: string): Promise<BatchCutter> {
  const database = await DuckDBInstance.create(':memory:', { threads: '1', memory_limit: '1GB' });
  const connection = await database.connect();
  const ask: Ask = async (sql) => {
    try {
      return (await connection.runAndReadAll(sql)).getRows();
    } catch (error) {
      throw new UnreadableFile(error instanceof Error ? error.message : String(error), { cause: error });
    }
  };
  const drafts = await mkdtemp(join(tmpdir(), 'mlops-batch-'));
  const table = tableOf(file);
  return {
    async days() {
      const [row] = await ask(`SELECT min(date)::DATE::VARCHAR, max(date)::DATE::VARCHAR FROM ${table}`);
      return { from: String(row?.[0]), through: String(row?.[1]) };
    },
    async cut(request) {
      const draft = join(drafts, 'batch.parquet');
      await ask(
        `COPY (SELECT * FROM ${table} WHERE ${flightsWithin(request)} ORDER BY ALL)
         TO ${quoted(draft)} (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE ${ROWS_PER_GROUP})`,
      );
      const described = await describeTable(ask, tableOf(draft));
      return described.rows === 0 ? undefined : { bytes: await readFile(draft), ...described };
    },
    async close() {
      connection.closeSync();
      database.closeSync();
      await rm(drafts, { recursive: true, force: true });
    },
  };
}
