/**
 * Drafts: what is written aside and renamed leaves, when its writer is killed in between, a file that nobody will ever look at.
 *
 * Rule: whoever starts to use the folder removes the drafts that are older than an hour: no honest write takes so long.
 *
 *   sweepDrafts('.triops/devops', (name) => name.endsWith('.new')) // ['gateway.json.4711.new']
 */
import { readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';

const HOUR_MS = 3_600_000;

/** @returns the names of what was removed; of nothing, where there is no such folder */
export function sweepDrafts(folder: string, isDraft: (name: string) => boolean, now = Date.now()): string[] {
  return namesIn(folder).filter((name) => {
    const path = join(folder, name);
    // Somebody else may sweep at the same time.
    const writtenAt = isDraft(name) ? statSync(path, { throwIfNoEntry: false })?.mtimeMs : undefined;
    if (writtenAt === undefined || now - writtenAt < HOUR_MS) return false;
    rmSync(path, { recursive: true, force: true });
    return true;
  });
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
