/**
 * Copies a version's rows out of the store, for a person or another program.
 *
 * Rule: only what has been checked is written, beside its place and renamed into it. A folder gets a file with the version's name.
 */
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { replaceDurably } from '../../registry/durable/store.js';

/** Writes the rows to a file or into a folder; answers the file's path. */
export async function checkout(version: string, bytes: Uint8Array, to: string): Promise<string> {
  const path = (await isFolder(to)) ? join(to, `${version}.parquet`) : to;
  await replaceDurably(path, bytes);
  return path;
}

async function isFolder(path: string): Promise<boolean> {
  if (path.endsWith('/')) return true;
  try {
    return (await stat(path)).isDirectory();
  } catch {
    return false;
  }
}
