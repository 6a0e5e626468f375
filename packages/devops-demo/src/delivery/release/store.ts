/** The controller's state on disk: the release that runs or was the last, all that ended, and who is at it. */
import { existsSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { lockHolder, tryLock } from 'service-chassis/lock-file';
import { z } from 'zod';
import { readJson, writeJson } from '../json-file/store.js';
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
  blameless: z.boolean().optional(),
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

/** After so long without a sign a controller in another container counts as gone. */
const SILENT_MS = 30_000;
const LOCK = 'controller.lock';

/**
 * One controller at a time; the lock of one that is gone counts for nothing.
 *
 * @returns what gives it back
 * @throws when another controller is at work
 */
export function lockController(stateDir: string): () => void {
  const lock = tryLock(join(stateDir, LOCK), { silentMs: SILENT_MS });
  if (!('release' in lock)) throw new Error(`release: ${lock.owner.split('@', 1)[0]} is releasing already`);
  return () => lock.release();
}

/** Whether a controller is at work: a release that has no end and no controller goes nowhere by itself. */
export function controllerWorks(stateDir: string): boolean {
  return lockHolder(join(stateDir, LOCK), { silentMs: SILENT_MS }) !== undefined;
}

/** The release in a controller's state file, as whoever reports it sees it. */
export function releaseIn(path: string): { release: Release | undefined; abandoned: boolean } {
  // In this order: a controller writes the end before it gives the lock back.
  const works = controllerWorks(dirname(path));
  const release = readRelease(path);
  return { release, abandoned: !works && release !== undefined && !isFinal(release.phase) };
}
