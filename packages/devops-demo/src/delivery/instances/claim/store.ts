/**
 * Claim: one gateway at a time has a state folder, and the versions in it live as long as that gateway.
 *
 * Rule: the lock is taken before anything in the folder is touched. A second gateway on the same folder would send the controller to itself,
 * and its end would stop the versions of the first.
 */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { tryLock } from 'service-chassis/lock-file';
import { OWNER_FILE, ownerSchema } from '../../instances.js';
import type { Owner } from '../../instances.js';
import { readJson, writeJson } from '../../json-file/store.js';

export interface Claim {
  /** From now on the keepers in this folder live as long as this process, those that run already too. */
  own(addresses: Omit<Owner, 'pid'>): void;
  release(): void;
}

/** @throws when another gateway has the folder: which, and where it is */
export function claimFolder(stateDir: string): Claim {
  const lock = tryLock(join(stateDir, 'gateway.lock'));
  if (!('release' in lock)) throw new Error(takenBy(lock.owner.split('@', 1)[0] ?? '', stateDir));
  const path = join(stateDir, OWNER_FILE);
  let owns = false;
  return {
    own(addresses) {
      writeJson(path, { pid: process.pid, ...addresses });
      owns = true;
    },
    release() {
      // The name of one that was killed stays: it is what its versions end by.
      if (owns) rmSync(path, { force: true });
      lock.release();
    },
  };
}

/** Undefined while none has said so. */
export function ownerIn(stateDir: string): Owner | undefined {
  const read = ownerSchema.safeParse(readJson(join(stateDir, OWNER_FILE)));
  return read.success ? read.data : undefined;
}

function takenBy(process: string, stateDir: string): string {
  const owner = ownerIn(stateDir);
  const known = process === `process ${owner?.pid}` ? owner : undefined;
  const serves = known?.url === undefined ? '' : `, serves on ${known.url}`;
  const steered = known?.adminUrl === undefined ? '' : ` and is steered on ${known.adminUrl}`;
  return `${process} has the folder ${stateDir}${serves}${steered}: stop it, or choose another folder with --state DIR`;
}
