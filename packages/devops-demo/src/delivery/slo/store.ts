/**
 * Tallies on disk: `traffic/<day>.<instance>.jsonl` in the state folder, so that an error budget outlives the process that spent it.
 *
 * Each instance appends to files of its own; all of them are read together. Files older than the period are removed. A crash can
 * cut off the last line, which is then left out: half a minute of traffic.
 */
import { randomUUID } from 'node:crypto';
import { appendFileSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { PERIOD_SECONDS } from './error-budget.js';
import { tallySchema } from './tally.js';
import type { Tally } from './tally.js';

export interface TallyLog {
  /** @throws when it cannot be written. */
  append(tally: Tally): void;
  tallies(): Tally[];
}

const DAY = /^(\d{4}-\d\d-\d\d)\./;

/** @throws when the folder cannot be written. */
export function openTallyLog(stateDir: string, now: Date): TallyLog {
  const folder = trafficFolder(stateDir);
  const instance = randomUUID().slice(0, 8);
  mkdirSync(folder, { recursive: true });
  const oldest = new Date(now.getTime() - PERIOD_SECONDS * 1_000).toISOString().slice(0, 10);
  for (const name of readdirSync(folder))
    if ((DAY.exec(name)?.[1] ?? oldest) < oldest) rmSync(join(folder, name), { force: true });
  return {
    append(tally) {
      // Somebody may have removed it since.
      mkdirSync(folder, { recursive: true });
      const file = join(folder, `${tally.at.slice(0, 10)}.${instance}.jsonl`);
      appendFileSync(file, `${JSON.stringify(tally)}\n`);
    },
    tallies: () => readTallies(stateDir),
  };
}

/** What all instances have counted. */
export function readTallies(stateDir: string): Tally[] {
  const folder = trafficFolder(stateDir);
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => DAY.test(name))
    .flatMap((name) => readFileSync(join(folder, name), 'utf8').split('\n'))
    .flatMap(readTally);
}

/** Where no folder can be written: the budget then ends with the process. */
export function tallyLogInMemory(): TallyLog {
  const tallies: Tally[] = [];
  return { append: (tally) => void tallies.push(tally), tallies: () => tallies };
}

function trafficFolder(stateDir: string): string {
  return join(stateDir, 'traffic');
}

function readTally(line: string): Tally[] {
  try {
    return [tallySchema.parse(JSON.parse(line))];
  } catch {
    return [];
  }
}
