/** The controller's state on disk: the release that runs or was the last, all that ended, and who is at it. */
import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { statSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { readJson, writeJson } from '../json-file/store.js';
import { isAlive } from '../is-alive.js';
import { SLOTS } from '../instances.js';
import { FINAL_PHASES, RUNNING_PHASES, isFinal } from '../release.js';
import type { Release } from '../release.js';

/** JSON has no Infinity: the bound of the last bucket is read as null. */
const measurementsSchema = z.looseObject({
  latency: z.array(
    z.looseObject({ upToSeconds: z.nullable(z.number()).transform((bound) => bound ?? Infinity) }),
  ),
});

/** What the state machine needs to go on. What was measured is carried along as it is. */
const releaseSchema = z.looseObject({
  id: z.string(),
  candidate: z.looseObject({ version: z.string(), digest: z.string().nullable() }),
  primary: z.looseObject({ version: z.string() }),
  primaryUrl: z.string(),
  slots: z.strictObject({ candidate: z.enum(SLOTS), primary: z.enum(SLOTS) }),
  phase: z.enum([...RUNNING_PHASES, ...FINAL_PHASES]),
  step: z.int(),
  because: z.string(),
  judged: z.array(
    z.looseObject({
      weight: z.number(),
      window: z.looseObject({ primary: measurementsSchema, canary: measurementsSchema }),
    }),
  ),
});

/** Undefined when there was none yet. */
export function readRelease(path: string): Release | undefined {
  const found = readJson(path);
  return found === undefined ? undefined : (releaseSchema.parse(found) as unknown as Release);
}

export function createReleaseStore(stateDir: string) {
  const current = join(stateDir, 'release.json');
  const ended = join(stateDir, 'releases');
  return {
    current: () => readRelease(current),
    save(release: Release): void {
      if (isFinal(release.phase)) writeJson(join(ended, `${release.id}.json`), release);
      writeJson(current, release);
    },
    /** Oldest first. */
    all(): Release[] {
      const files = existsSync(ended) ? readdirSync(ended).filter((name) => name.endsWith('.json')) : [];
      const releases = files
        .map((name) => readRelease(join(ended, name)))
        .filter((found) => found !== undefined);
      const running = readRelease(current);
      if (running !== undefined && !isFinal(running.phase)) releases.push(running);
      return releases.sort((a, b) => (a.startedAt < b.startedAt ? -1 : 1));
    },
  };
}

/** How often a controller says that it is at work, and after how long of silence it counts as gone. */
const SIGN_EVERY_MS = 5_000;
const SILENT_MS = 30_000;
/** The locks of this process: an earlier one may have had its number. */
const held = new Set<string>();

/**
 * One controller at a time; the lock of one that is gone counts for nothing. A process number says little: another container on this host
 * name may have had the same, so the lock must be young as well, and on another host its age alone decides.
 *
 * @returns what gives it back
 * @throws when another controller is at work
 */
export function lockController(stateDir: string): () => void {
  mkdirSync(stateDir, { recursive: true });
  const path = join(stateDir, 'controller.lock');
  const token = `${process.pid}@${hostname()} ${randomUUID()}`;
  while (!acquire(path, token)) {
    const owner = ownerOf(path);
    if (isAtWork(path, owner)) {
      throw new Error(`release: process ${owner.split('@', 1)[0] ?? ''} is releasing already`);
    }
    rmSync(path, { force: true });
  }
  held.add(token);
  const sign = setInterval(() => touch(path, token), SIGN_EVERY_MS).unref();
  return () => {
    clearInterval(sign);
    held.delete(token);
    // Who was silent for too long may have lost it to another.
    if (ownerOf(path) === token) rmSync(path, { force: true });
  };
}

/** Whether the lock is this process's now. */
function acquire(path: string, token: string): boolean {
  try {
    writeFileSync(path, token, { flag: 'wx', mode: 0o600 });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

function isAtWork(path: string, owner: string): boolean {
  if (held.has(owner)) return true;
  const [, pid, host] = /^(\d+)@(\S+)/.exec(owner) ?? [];
  const isYoung = Date.now() - (statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0) < SILENT_MS;
  if (host !== hostname()) return isYoung;
  return isYoung && Number(pid) !== process.pid && isAlive(Number(pid));
}

function touch(path: string, token: string): void {
  if (ownerOf(path) !== token) return;
  try {
    utimesSync(path, new Date(), new Date());
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
}

/** Empty when there is no lock. */
function ownerOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '';
    throw error;
  }
}
