/**
 * Copies a version's rows out of the store, for a person or another program.
 *
 * Rule: only what has been checked is written, beside its place and renamed into it. A folder gets a file with the version's name.
 */
import { randomUUID } from 'node:crypto';
import { mkdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

/** Writes the rows to a file or into a folder; answers the file's path. */
export async function checkout(version: string, bytes: Uint8Array, to: string): Promise<string> {
  const path = (await isFolder(to)) ? join(to, `${version}.parquet`) : to;
  await mkdir(dirname(path), { recursive: true });
  const draft = join(dirname(path), `.${basename(path)}.${randomUUID()}`);
  try {
    await writeFile(draft, bytes, { flush: true });
    await rename(draft, path);
  } finally {
    await rm(draft, { force: true });
  }
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
