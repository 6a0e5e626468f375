/**
 * System account: who PostgreSQL runs as.
 *
 * Rule: PostgreSQL refuses to run as root. Under root it runs as `postgres` where that account exists, else as `nobody`;
 * no account is ever created on someone's machine. Everyone else runs it as themselves (undefined).
 */
import { execFileSync } from 'node:child_process';

export interface Account {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
}

const CANDIDATES = ['postgres', 'nobody'];

export function unprivilegedAccount(): Account | undefined {
  if (process.getuid?.() !== 0) return undefined;
  for (const name of CANDIDATES) {
    const uid = idOf('-u', name);
    const gid = idOf('-g', name);
    if (uid !== undefined && gid !== undefined) return { name, uid, gid };
  }
  throw new Error(
    `embedded PostgreSQL: PostgreSQL refuses to run as root and there is no account ${CANDIDATES.join(' or ')} to run it as. ` +
      'Start this as an ordinary user.',
  );
}

function idOf(flag: '-u' | '-g', name: string): number | undefined {
  try {
    // `| 0`: macOS prints nobody (-2) as 4294967294.
    return (
      Number(execFileSync('id', [flag, name], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })) | 0
    );
  } catch {
    return undefined;
  }
}

/** What `spawn` needs to start something as that account. */
export function spawnAs(account: Account | undefined): { uid?: number; gid?: number } {
  return account === undefined ? {} : { uid: account.uid, gid: account.gid };
}
