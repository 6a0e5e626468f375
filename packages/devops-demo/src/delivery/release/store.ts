/** The controller's state on disk: the release that runs or was the last, all that ended, and who is at it. */
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  utimesSync,
  writeSync,
} from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { readJson, writeJson } from '../json-file/store.js';
import { isAlive } from '../is-alive.js';
import { SLOTS } from '../instances.js';
import { FINAL_PHASES, RUNNING_PHASES, isFinal } from '../release.js';
import type { Release } from '../release.js';

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
  judged: z.array(z.looseObject({ weight: z.number() })),
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

/**
 * One controller at a time; the lock of one that is gone counts for nothing. On another host, or in another container, a process number
 * says nothing: there the lock's age does.
 *
 * @returns what gives it back
 * @throws when another controller is at work
 */
export function lockController(stateDir: string): () => void {
  mkdirSync(stateDir, { recursive: true });
  const path = join(stateDir, 'controller.lock');
  for (;;) {
    try {
      const file = openSync(path, 'wx');
      writeSync(file, `${process.pid}@${hostname()}`);
      closeSync(file);
      const sign = setInterval(() => utimesSync(path, new Date(), new Date()), SIGN_EVERY_MS).unref();
      return () => {
        clearInterval(sign);
        rmSync(path, { force: true });
      };
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      const [pid = '', host] = readFileSync(path, 'utf8').split('@');
      const atWork =
        host === hostname() || host === undefined
          ? isAlive(Number(pid))
          : Date.now() - statSync(path).mtimeMs < SILENT_MS;
      if (atWork) throw new Error(`release: process ${pid} is releasing already`, { cause: error });
      rmSync(path, { force: true });
    }
  }
}
