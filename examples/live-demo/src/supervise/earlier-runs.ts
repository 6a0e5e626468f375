/**
 * Earlier runs: what they left in the state folder, and how it is forgotten.
 *
 * Rule: only what a demo itself writes is ever deleted, whatever else lies in a folder that somebody named.
 */
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';

/** The board's delivery, models and data, the database, what the parts said. */
const WRITTEN_BY_DEMOS = ['devops', 'mlops', 'postgres', 'logs'] as const;

export function leftBehind(stateDir: string): string[] {
  return WRITTEN_BY_DEMOS.filter((name) => existsSync(join(stateDir, name)));
}

export function forgetEarlierRuns(stateDir: string): void {
  for (const name of leftBehind(stateDir)) rmSync(join(stateDir, name), { recursive: true, force: true });
}
