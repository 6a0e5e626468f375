/**
 * Keeps the stage cache bounded: what none of the newest runs used goes.
 *
 * Rule: the entries of the newest five runs stay, also those that are younger than an hour: a run that has not ended yet may need them, and touches
 * what it needs. Older drafts and locks were left behind by killed runs.
 */
import { existsSync } from 'node:fs';
import { readdir, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { withLock } from 'service-chassis/lock-file';
import { replaceDurably } from '../../registry/durable/store.js';
import { STAGES } from '../../stage-runner/stage.js';
import type { StageEntry } from '../stage-cache.js';

export const KEPT_RUNS = 5;
const YOUNG_MS = 3_600_000;
const runsSchema = z.array(z.array(z.string()));

/** Remembers this run, forgets the oldest, and removes what no run is left to need. */
export async function keepNewestRuns(
  modelsDir: string,
  used: readonly Pick<StageEntry, 'stage' | 'key'>[],
  nowMs = Date.now(),
): Promise<void> {
  const folder = join(modelsDir, 'stages');
  await withLock(join(folder, '.runs.lock'), async () => {
    const run = [...new Set(used.map(({ stage, key }) => `${stage}/${key}`))].sort();
    const before = (await readRuns(folder)).filter((other) => other.join() !== run.join());
    const runs = [...before, run].slice(-KEPT_RUNS);
    await replaceDurably(join(folder, 'runs.json'), `${JSON.stringify(runs, null, 2)}\n`);
    await removeOthers(folder, new Set(runs.flat()), nowMs);
  });
}

async function readRuns(folder: string): Promise<string[][]> {
  try {
    return runsSchema.parse(JSON.parse(await readFile(join(folder, 'runs.json'), 'utf8')));
  } catch {
    // None yet, or damaged: the entries' age protects them for an hour, and the cache is only a cache.
    return [];
  }
}

async function removeOthers(folder: string, needed: ReadonlySet<string>, nowMs: number): Promise<void> {
  for (const stage of STAGES.filter((name) => existsSync(join(folder, name)))) {
    for (const name of await readdir(join(folder, stage))) {
      const path = join(folder, stage, name);
      if (needed.has(`${stage}/${name}`)) continue;
      // Another run may have renamed its draft or removed its lock since it was listed.
      const found = await stat(path).catch(() => undefined);
      if (found === undefined || nowMs - found.mtimeMs < YOUNG_MS) continue;
      await rm(path, { recursive: true, force: true });
    }
  }
}
