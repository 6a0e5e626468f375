/** `devops releases`: what was released, and what became of it. */
import { resolve } from 'node:path';
import { lineOf } from '../../delivery/release/told.js';
import { createReleaseStore } from '../../delivery/release/store.js';
import { stateDirOf } from '../../delivery/state-dir.js';

export function releasesCommand({ state = stateDirOf(process.env) }: { state?: string | undefined }): number {
  const releases = createReleaseStore(resolve(state)).all();
  if (releases.length === 0) console.log('no release yet');
  for (const release of releases) console.log(lineOf(release));
  return 0;
}
