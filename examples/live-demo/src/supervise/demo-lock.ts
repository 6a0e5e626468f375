/**
 * Demo lock: one demo at a time for one state folder.
 *
 * Rule: a lock that is there and may be taken is that of a demo that was killed.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { tryLock } from 'service-chassis/lock-file';

export type LockOutcome =
  { kind: 'locked'; wasKilled: boolean; release(): void } | { kind: 'in-use'; because: string };

export function lockDemo(stateDir: string): LockOutcome {
  const file = join(stateDir, 'demo.lock');
  const wasThere = existsSync(file);
  const lock = tryLock(file);
  if ('release' in lock) return { kind: 'locked', wasKilled: wasThere, release: () => lock.release() };
  const [owner] = lock.owner.split('@', 1);
  const because =
    `A demo is running already (${owner}, state in ${stateDir}). Stop it with Ctrl-C, ` +
    'or start a second one apart: npm run demo -- --ports 18080 --state .triops-2';
  return { kind: 'in-use', because };
}
