/**
 * Reads a whole file as a batch: first whether it can be read at all, then its rows.
 *
 * in:  a Parquet or CSV file → out: RawFlights, or the checks that say why there are none
 *
 * Rule: whatever is in the file comes along, wrong days and empty fields too; what is wrong with rows is for `validate` to say. Rows are
 * ordered by all columns.
 */
import { DuckDBInstance } from '@duckdb/node-api';
import type { DuckDBConnection } from '@duckdb/node-api';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import type { Check } from '../../validate/check.js';
import { check } from '../../validate/check.js';
import { encodingCheck, lastLineCheck, schemaCheck } from '../../validate/file-checks.js';
import type { RawFlights } from '../columns.js';
import { readCodes, readRows } from '../rows/store.js';
import { tableOf } from '../sql.js';

/** A batch as read, or why it could not be. */
export type ReadBatch =
  { state: 'read'; raw: RawFlights; checks: Check[] } | { state: 'unreadable'; checks: Check[] };

/** Reads the file; `source` names it in reports. */
export async function readBatch(file: string, source: string = basename(file)): Promise<ReadBatch> {
  return withTable(file, async (connection, table, checks) => {
    const codes = await readCodes(connection, table);
    const raw = { source, codes, ...(await readRows(connection, table, ['true'])) };
    return { state: 'read', raw, checks };
  });
}

/** Reads Parquet bytes as a batch. */
export async function readBatchOf(bytes: Uint8Array, source: string): Promise<ReadBatch> {
  const folder = await mkdtemp(join(tmpdir(), 'mlops-batch-'));
  try {
    const file = join(folder, 'batch.parquet');
    await writeFile(file, bytes);
    return await readBatch(file, source);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Looks at encoding and columns only. */
export async function examineFile(file: string): Promise<Check[]> {
  const examined = await withTable(file, (_connection, _table, checks) =>
    Promise.resolve({ state: 'unreadable' as const, checks }),
  );
  return examined.checks;
}

async function withTable<T extends { checks: Check[] }>(
  file: string,
  read: (connection: DuckDBConnection, table: string, checks: Check[]) => Promise<T>,
): Promise<T | Extract<ReadBatch, { state: 'unreadable' }>> {
  const checks = /\.csv$/i.test(file) ? textChecks(await readFile(file)) : [];
  if (failed(checks)) return { state: 'unreadable', checks };
  const database = await DuckDBInstance.create(':memory:', { threads: '1', memory_limit: '1GB' });
  const connection = await database.connect();
  try {
    const table = tableOf(file);
    const columns = await connection.runAndReadAll(`DESCRIBE SELECT * FROM ${table}`);
    checks.push(
      schemaCheck(columns.getRows().map(([name, type]) => ({ name: String(name), type: String(type) }))),
    );
    return failed(checks) ? { state: 'unreadable', checks } : await read(connection, table, checks);
  } catch (error) {
    return { state: 'unreadable', checks: [...checks, notWhole(file, error)] };
  } finally {
    connection.closeSync();
    database.closeSync();
  }
}

function textChecks(bytes: Uint8Array): Check[] {
  const encoding = encodingCheck(bytes);
  return encoding.state === 'failed' ? [encoding] : [encoding, lastLineCheck(bytes)];
}

/** The check that a file fails which DuckDB cannot read to its end. */
export function notWhole(file: string, error: unknown): Check {
  const reason = error instanceof Error ? error.message : String(error);
  const expected = 'a file that can be read to its end';
  return check('whole file', 'failed', {
    expected,
    seen: firstLines(reason.replaceAll(file, basename(file))),
  });
}

function failed(checks: readonly Check[]): boolean {
  return checks.some(({ state }) => state === 'failed');
}

function firstLines(text: string): string {
  return text.split('\n').filter(Boolean).slice(0, 2).join(' ').slice(0, 300);
}
