/** Files that are whole at every instant, and on disk when the call returns: written aside, flushed, renamed, the folder flushed. */
import { randomUUID } from 'node:crypto';
import { mkdir, open, rename } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { sweepDrafts } from 'service-chassis/drafts';

const UUID = '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}';
const DRAFT = new RegExp(`^\\..+\\.${UUID}$`);

/** Beside its place, under a name that nobody else has. */
export function draftOf(path: string): string {
  return join(dirname(path), `.${basename(path)}.${randomUUID()}`);
}

/** Removes what processes that were killed left beside these places. */
export function sweepFolder(folder: string): string[] {
  return sweepDrafts(folder, (name) => DRAFT.test(name));
}

/** A new file. It may be half there after a crash: rename its folder into place when all is written. */
export async function writeDurably(path: string, bytes: Uint8Array | string, mode = 0o666): Promise<void> {
  const file = await open(path, 'w', mode);
  try {
    await file.writeFile(bytes);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** A reader sees the old content or the new one. */
export async function replaceDurably(path: string, bytes: Uint8Array | string, mode?: number): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const draft = draftOf(path);
  await writeDurably(draft, bytes, mode);
  await renameDurably(draft, path);
}

/** A reader sees the file or folder at the new place with all that is in it. */
export async function renameDurably(from: string, to: string): Promise<void> {
  await rename(from, to);
  await syncFolder(dirname(to));
}

export async function syncFolder(path: string): Promise<void> {
  // Windows cannot open a folder to sync it.
  if (process.platform === 'win32') return;
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
