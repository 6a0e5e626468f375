/**
 * Deployments on disk: `deployed.json`, the last that ended well, `deploying.json`, the one that has no end yet, and `undeployed.json`, the last one
 * when it failed.
 */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { writeJson } from '../json-file/store.js';
import { isFinal } from '../release.js';
import type { Release } from '../release.js';
import { readRelease } from '../release/store.js';

export function createDeploymentStore(stateDir: string) {
  const underWay = join(stateDir, 'deploying.json');
  const last = join(stateDir, 'deployed.json');
  const failure = join(stateDir, 'undeployed.json');
  const deployed = () => readRelease(last);
  return {
    deployed,
    begun(): Release | undefined {
      const begun = readRelease(underWay);
      return begun?.id === deployed()?.id ? undefined : begun;
    },
    failed: () => readRelease(failure),
    noteFailed: (release: Release) => writeJson(failure, release),
    save(release: Release): void {
      if (!isFinal(release.phase)) {
        writeJson(underWay, release);
        return;
      }
      if (release.phase === 'promoted') {
        writeJson(last, release);
        rmSync(failure, { force: true });
      }
      rmSync(underWay, { force: true });
    },
  };
}
