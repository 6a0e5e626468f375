/**
 * Keeps objects in a local folder.
 *
 * Rule: bytes go to a draft beside the place (a name that begins with a dot), are synced to disk and renamed. Renaming is atomic, so
 * a killed writer leaves at most a draft, which no reader looks at and which the next opening clears away after an hour.
 *
 * One writer at a time decides what follows what: a lock file says who.
 *
 * When it misleads: on a network file system, renaming and syncing may promise less.
 */
import { readdir, readFile, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { withLock } from 'service-chassis/lock-file';
import { replaceDurably } from '../../../registry/durable/store.js';
import { checkedKey } from '../object-store.js';
import type { ObjectStore } from '../object-store.js';

const DRAFT_LIVES_MS = 60 * 60 * 1000;

/** Opens the folder; it comes into being with the first object. */
export function openLocalStore(folder: string): ObjectStore {
  const swept = new Set<string>();
  return {
    place: folder,
    async write(key, bytes) {
      const path = join(folder, checkedKey(key));
      const group = dirname(path);
      if (!swept.has(group)) await sweep(group, Date.now());
      swept.add(group);
      await replaceDurably(path, bytes);
    },
    async read(key) {
      try {
        return await readFile(join(folder, checkedKey(key)));
      } catch (error) {
        if (isAbsent(error)) return undefined;
        throw error;
      }
    },
    alone: (work) => withLock(join(folder, '.writer.lock'), work),
    async keys(prefix) {
      const group = dirname(`${prefix}x`);
      const names = await namesIn(join(folder, group));
      const keys = names.filter((name) => !name.startsWith('.')).map((name) => `${group}/${name}`);
      return keys.filter((key) => key.startsWith(prefix)).sort();
    },
  };
}

/** Clears away the drafts of writers that were killed. One that is gone by now was another writer's, and is in its place. */
async function sweep(group: string, nowMs: number): Promise<void> {
  const drafts = (await namesIn(group)).filter((name) => name.startsWith('.'));
  for (const path of drafts.map((name) => join(group, name))) {
    const writtenMs = await stat(path).then(
      ({ mtimeMs }) => mtimeMs,
      (error: unknown) => {
        if (isAbsent(error)) return nowMs;
        throw error;
      },
    );
    if (nowMs - writtenMs > DRAFT_LIVES_MS) await rm(path, { force: true });
  }
}

async function namesIn(group: string): Promise<string[]> {
  try {
    return await readdir(group);
  } catch (error) {
    if (isAbsent(error)) return [];
    throw error;
  }
}

function isAbsent(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}
