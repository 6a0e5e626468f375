/**
 * Demo lock: one demo at a time for one state folder.
 *
 * Rule: the lock file names the process that holds it and when that process began. A lock whose process is gone, or whose
 * number belongs to a younger process, is stale: its demo was killed.
 */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bornAt } from 'service-chassis/process-life';

export type LockOutcome =
  { kind: 'locked'; wasKilled: boolean; release(): void } | { kind: 'in-use'; because: string };

export function lockDemo(stateDir: string): LockOutcome {
  mkdirSync(stateDir, { recursive: true });
  const file = join(stateDir, 'demo.lock');
  let wasKilled = false;
  for (;;) {
    try {
      writeFileSync(file, JSON.stringify({ pid: process.pid, born: bornAt(process.pid) }), { flag: 'wx' });
      return { kind: 'locked', wasKilled, release: () => rmSync(file, { force: true }) };
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    const pid = holderOf(file);
    if (pid !== undefined) {
      return {
        kind: 'in-use',
        because:
          `A demo is running already (process ${pid}, state in ${stateDir}). Stop it with Ctrl-C, ` +
          'or start a second one apart: npm run demo -- --ports 18080 --state .triops-2',
      };
    }
    wasKilled = true;
    rmSync(file, { force: true });
  }
}

function holderOf(file: string): number | undefined {
  try {
    const { pid, born } = JSON.parse(readFileSync(file, 'utf8')) as { pid: number; born: string };
    process.kill(pid, 0);
    return bornAt(pid) === born ? pid : undefined;
  } catch (error) {
    // EPERM: it runs, as someone else.
    return (error as NodeJS.ErrnoException).code === 'EPERM' ? -1 : undefined;
  }
}
