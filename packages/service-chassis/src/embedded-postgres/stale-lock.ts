/**
 * Stale lock: removes a `postmaster.pid` whose process number now belongs to something else.
 *
 * Rule: PostgreSQL itself forgives a lock file whose process is gone. It does not when the number was given to another
 * program since, which is common in containers, where numbers start again at 1. Only that case is handled here.
 */
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';

export async function clearStaleLock(dataDir: string): Promise<void> {
  const lock = join(dataDir, 'postmaster.pid');
  const pid = Number((await readFile(lock, 'utf8').catch(() => '')).split('\n')[0]);
  if (!Number.isInteger(pid) || pid <= 0) return;
  // Linux tells a process's program; elsewhere this is unknown and PostgreSQL's own check decides.
  const program = await readFile(`/proc/${pid}/comm`, 'utf8').catch(() => undefined);
  if (program !== undefined && program.trim() !== 'postgres') await rm(lock, { force: true });
}
