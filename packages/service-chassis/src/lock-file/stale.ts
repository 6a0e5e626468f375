/** Stale locks: is the owner of a lock file gone, and how is its lock taken away by one process only? The rule stands in lock-file.ts. */
import { createHash, randomUUID } from 'node:crypto';
import { linkSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { bornAt, isAlive } from '../process-life.js';

const GUARD_LETTERS = 16;

/** The locks of this process. */
const held = new Set<string>();
export const noteHeld = (token: string) => held.add(token);
export const forgetHeld = (token: string) => held.delete(token);

/** By a link: the file is there with its owner's name, or it is not there. One created empty, by a process killed then, would name nobody. */
export function acquire(path: string, token: string): boolean {
  const draft = `${path}.${randomUUID()}`;
  writeFileSync(draft, token, { mode: 0o600 });
  try {
    linkSync(draft, path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  } finally {
    rmSync(draft, { force: true });
  }
}

/** @returns who is about to take it away and the lock with it; undefined when it is worth another try at once */
export function takeAway(path: string, stale: string, token: string, silentMs: number): string | undefined {
  const guard = `${path}.${createHash('sha256').update(stale).digest('hex').slice(0, GUARD_LETTERS)}`;
  if (!acquire(guard, token)) {
    // Its owner may have died between these few lines as well.
    const found = read(guard);
    return isStale(guard, found, silentMs) ? takeAway(guard, found, token, silentMs) : found;
  }
  try {
    if (read(path) === stale) rmSync(path, { force: true });
    return undefined;
  } finally {
    rmSync(guard, { force: true });
  }
}

export function isStale(path: string, token: string, silentMs: number): boolean {
  const [, number = '', host, born] = /^(\d+)@(\S+)(?: (\d+) )?/.exec(token) ?? [];
  if (host !== hostname()) return isOlder(path, silentMs);
  if (held.has(token)) return false;
  const pid = Number(number);
  if (!isAlive(pid)) return true;
  const sinceWhen = bornAt(pid);
  if (born !== undefined && sinceWhen !== '') return born !== sinceWhen;
  return pid === process.pid || isOlder(path, silentMs);
}

function isOlder(path: string, ms: number): boolean {
  const touchedAt = statSync(path, { throwIfNoEntry: false })?.mtimeMs;
  return touchedAt !== undefined && Date.now() - touchedAt > ms;
}

/** Empty when it is gone, or cannot be read. */
export function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
