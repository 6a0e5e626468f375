/**
 * A lock file: one process at a time does something, and a lock whose owner died is taken over.
 *
 * Rule: whoever can create the file has the lock; it says which process of which host that is, when that process was born, and a word that no
 * other lock has. The owner touches it while it works. It is stale when its owner is gone, or its number belongs to a younger
 * process; where that cannot be asked (another host, a file that does not say) when nobody has touched it for long. Of several that
 * find the same stale lock one may take it away: for each lock there is a second file, named after its word. Otherwise the slower one would
 * take away the faster one's new lock.
 *
 * When it misleads: an owner on another host that is silent for so long loses its lock while it works, and one on this host that
 * hangs keeps it: then somebody must end that process.
 * Why not a library: docs/decisions/0010-one-lock-file.md.
 *
 *   await withLock('audit.lock', () => append(entry))
 */
import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, rmSync, utimesSync } from 'node:fs';
import { hostname } from 'node:os';
import { basename, dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { sweepDrafts } from './drafts.js';
import { acquire, forgetHeld, isStale, noteHeld, read, takeAway } from './lock-file/stale.js';
import { bornAt } from './process-life.js';

const RETRY_MS = 10;
const TOUCH_EVERY_MS = 5_000;
const SILENT_MS = 120_000;

/** Where this process has swept. */
const swept = new Set<string>();

export interface LockOptions {
  /** After how long without a touch a lock counts as left, where its owner cannot be asked. */
  silentMs?: number;
  /** How long to wait for another; for ever, when nobody says otherwise. */
  patienceMs?: number;
  /** Told once, when somebody else holds the lock: `process 4711@host`. */
  waiting?: (owner: string) => void;
}

export interface HeldLock {
  /** For work that lets no timer run. */
  touch(): void;
  /** Whoever was silent for too long may have lost it: then it is another's, and stays. */
  release(): void;
}

/**
 * Does the work while nobody else does.
 *
 * @throws when somebody else holds the lock for longer than the patience
 */
export async function withLock<Result>(
  path: string,
  work: (touch: () => void) => Result | Promise<Result>,
  { patienceMs = Infinity, waiting, ...options }: LockOptions = {},
): Promise<Result> {
  const until = Date.now() + patienceMs;
  let told = false;
  for (;;) {
    const lock = tryLock(path, options);
    if ('release' in lock) {
      try {
        return await work(() => lock.touch());
      } finally {
        lock.release();
      }
    }
    if (Date.now() > until) throw new Error(`${path} is held by ${lock.owner}`);
    if (!told) waiting?.(lock.owner);
    told = true;
    await sleep(RETRY_MS);
  }
}

/** Takes the lock, or says who has it. */
export function tryLock(
  path: string,
  { silentMs = SILENT_MS }: Pick<LockOptions, 'silentMs'> = {},
): HeldLock | { owner: string } {
  mkdirSync(dirname(path), { recursive: true });
  sweepOnce(path);
  const token = `${process.pid}@${hostname()} ${bornAt(process.pid) || '-'} ${randomUUID()}`;
  while (!acquire(path, token)) {
    const found = read(path);
    // Given back just now.
    if (found === '' && !existsSync(path)) continue;
    if (!isStale(path, found, silentMs)) return { owner: ownerIn(found) };
    const busy = takeAway(path, found, token, silentMs);
    if (busy !== undefined) return { owner: ownerIn(busy) };
  }
  noteHeld(token);
  const touch = (): void => touchIf(path, token);
  const touching = setInterval(touch, TOUCH_EVERY_MS).unref();
  return {
    touch,
    release() {
      clearInterval(touching);
      forgetHeld(token);
      if (read(path) === token) rmSync(path, { force: true });
    },
  };
}

/** Who has the lock, without trying to take it: `process 4711@host`. Undefined when nobody has it, or nobody who lives. */
export function lockHolder(
  path: string,
  { silentMs = SILENT_MS }: Pick<LockOptions, 'silentMs'> = {},
): string | undefined {
  const found = read(path);
  return found === '' || isStale(path, found, silentMs) ? undefined : ownerIn(found);
}

function touchIf(path: string, token: string): void {
  if (read(path) !== token) return;
  try {
    utimesSync(path, new Date(), new Date());
  } catch {
    // It was taken away just now: see the header.
  }
}

function ownerIn(token: string): string {
  const [owner = ''] = token.split(' ', 1);
  return /^\d+@/.test(owner) ? `process ${owner}` : 'nobody known';
}

/** Drafts and guards of processes that were killed, and drafts of guards. */
function sweepOnce(path: string): void {
  if (swept.has(path)) return;
  swept.add(path);
  const own = `${basename(path)}.`;
  sweepDrafts(
    dirname(path),
    (name) => name.startsWith(own) && /^[0-9a-f-]{16,36}(\.[0-9a-f-]{16,36})*$/.test(name.slice(own.length)),
  );
}
