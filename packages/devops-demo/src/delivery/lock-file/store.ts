/**
 * A lock file: one process at a time does something, and a lock whose owner died is taken over.
 *
 * Rule: whoever can create the file has the lock; it says who that is. It is stale when its owner is a process of this host that is gone,
 * or when it is older than any honest work takes. Only one process at a time may remove a stale lock, for which there is a second lock
 * file: otherwise two could find the same stale lock and the slower one would remove the faster one's new lock.
 */
import { closeSync, openSync, readFileSync, rmSync, statSync, writeSync } from 'node:fs';
import { hostname } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { isAlive } from '../is-alive.js';

const PATIENCE_MS = 30_000;
const RETRY_MS = 5;
/** The work under a lock takes milliseconds. Another host's process cannot be asked whether it lives. */
const OLD_MS = 10_000;

/** @throws when somebody else holds the lock for longer than honest work takes. */
export async function withLock<Result>(path: string, work: () => Result): Promise<Result> {
  const until = Date.now() + PATIENCE_MS;
  while (!acquire(path)) {
    if (Date.now() > until)
      throw new Error(`withLock: ${path} is held by ${ownerOf(path) ?? 'nobody known'}`);
    if (isStale(path)) removeStale(path);
    else await sleep(RETRY_MS);
  }
  try {
    return work();
  } finally {
    rmSync(path, { force: true });
  }
}

function acquire(path: string): boolean {
  try {
    const file = openSync(path, 'wx', 0o600);
    writeSync(file, `${process.pid}@${hostname()}`);
    closeSync(file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

function removeStale(path: string): void {
  const removal = `${path}.removal`;
  if (!acquire(removal)) {
    // Left behind by a process that died between these few lines.
    if (isOld(removal)) rmSync(removal, { force: true });
    return;
  }
  try {
    if (isStale(path)) rmSync(path, { force: true });
  } finally {
    rmSync(removal, { force: true });
  }
}

function isStale(path: string): boolean {
  const [, pid, host] = /^(\d+)@(.+)$/.exec(ownerOf(path) ?? '') ?? [];
  if (host !== hostname()) return isOld(path);
  return !isAlive(Number(pid)) || isOld(path);
}

function isOld(path: string): boolean {
  try {
    return Date.now() - statSync(path).mtimeMs > OLD_MS;
  } catch {
    return false;
  }
}

function ownerOf(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
