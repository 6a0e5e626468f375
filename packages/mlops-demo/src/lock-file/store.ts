/**
 * A lock file: one process at a time does something, and a lock whose owner died is taken over.
 *
 * Rule: whoever can create the file has the lock; it says who that is. The owner touches it while it works. It is stale when its
 * owner is a process of this host that is gone, or when nobody has touched it for two minutes. Only one process at a time may remove a
 * stale lock, for which there is a second lock file: otherwise two could find the same stale lock, and the slower one would remove the
 * faster one's new lock.
 *
 * When it misleads: an owner on another host that is silent for two minutes loses its lock while it works. What the lock guards here
 * is whole at every instant anyway (written aside, renamed): the lock saves work and keeps read-then-write together.
 */
import { randomUUID } from 'node:crypto';
import { linkSync, mkdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const RETRY_MS = 20;
const TOUCH_EVERY_MS = 5_000;
const SILENT_MS = 120_000;
/** The removal of a stale lock is three system calls. */
const REMOVAL_MS = 10_000;

/** The locks of this process: another process may have had its number before. */
const held = new Set<string>();

export interface LockOptions {
  /** Told once, when somebody else holds the lock. */
  waiting?: (owner: string) => void;
}

/** Does the work while nobody else does; `touch` is for work that lets no timer run. */
export async function withLock<Result>(
  path: string,
  work: (touch: () => void) => Result | Promise<Result>,
  { waiting }: LockOptions = {},
): Promise<Result> {
  mkdirSync(dirname(path), { recursive: true });
  const token = `${process.pid}@${hostname()} ${randomUUID()}`;
  let told = false;
  while (!acquire(path, token)) {
    if (isStale(path)) removeStale(path, token);
    else {
      if (!told) waiting?.(`process ${ownerOf(path).split(' ', 1)[0] ?? ''}`);
      told = true;
      await sleep(RETRY_MS);
    }
  }
  held.add(token);
  const touch = (): void => touchFile(path);
  const touching = setInterval(touch, TOUCH_EVERY_MS).unref();
  try {
    return await work(touch);
  } finally {
    clearInterval(touching);
    held.delete(token);
    if (ownerOf(path) === token) rmSync(path, { force: true });
  }
}

/** By a link: the file is there with its owner's name, or it is not there. One created empty, by a process killed then, would name nobody. */
function acquire(path: string, token: string): boolean {
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

function removeStale(path: string, token: string): void {
  const removal = `${path}.removal`;
  if (!acquire(removal, token)) {
    // Left behind by a process that died between these few lines.
    if (isOlder(removal, REMOVAL_MS)) rmSync(removal, { force: true });
    return;
  }
  try {
    if (isStale(path)) rmSync(path, { force: true });
  } finally {
    rmSync(removal, { force: true });
  }
}

function isStale(path: string): boolean {
  const token = ownerOf(path);
  const [, pid, host] = /^(\d+)@(\S+) /.exec(token) ?? [];
  if (host !== hostname()) return isOlder(path, SILENT_MS);
  if (Number(pid) === process.pid) return !held.has(token);
  return !isAlive(Number(pid)) || isOlder(path, SILENT_MS);
}

function isOlder(path: string, ms: number): boolean {
  try {
    return Date.now() - statSync(path).mtimeMs > ms;
  } catch {
    return false;
  }
}

function touchFile(path: string): void {
  try {
    const now = new Date();
    utimesSync(path, now, now);
  } catch {
    // Somebody took it for stale: see the header.
  }
}

function ownerOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
