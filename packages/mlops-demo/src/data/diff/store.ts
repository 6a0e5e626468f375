/** Compares two versions: both are read and checked, then DuckDB looks at their rows. */
import { DuckDBInstance } from '@duckdb/node-api';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ObjectStore } from '../objects/object-store.js';
import { tableOf } from '../sql.js';
import { readVersion } from '../versions/read.js';
import { compareTables } from './compare.js';
import type { DataDiff } from './compare.js';

/** What changed, or why one of the versions cannot be read. */
export type Compared =
  | { state: 'compared'; before: string; after: string; diff: DataDiff }
  | { state: 'refused'; version: string; because: string };

/** Compares the versions that the two references mean. */
export async function compareVersions(store: ObjectStore, before: string, after: string): Promise<Compared> {
  const [a, b] = [await readVersion(store, before), await readVersion(store, after)];
  if (a.state === 'refused') return a;
  if (b.state === 'refused') return b;
  const folder = await mkdtemp(join(tmpdir(), 'mlops-diff-'));
  const database = await DuckDBInstance.create(':memory:', { threads: '1', memory_limit: '1GB' });
  const connection = await database.connect();
  try {
    const files = [join(folder, 'before.parquet'), join(folder, 'after.parquet')] as const;
    await writeFile(files[0], a.bytes);
    await writeFile(files[1], b.bytes);
    const ask = async (sql: string): Promise<unknown[][]> => (await connection.runAndReadAll(sql)).getRows();
    const diff = await compareTables(ask, tableOf(files[0]), tableOf(files[1]));
    return { state: 'compared', before: a.version, after: b.version, diff };
  } finally {
    connection.closeSync();
    database.closeSync();
    await rm(folder, { recursive: true, force: true });
  }
}
