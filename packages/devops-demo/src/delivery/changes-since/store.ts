/** The changes that a release brings: the commits since the released one, with the time of each, from git. */
import { execFileSync } from 'node:child_process';
import type { Change } from '../dora/deployments.js';

const COMMIT = /^[0-9a-f]{7,64}$/;
/** Of a first release, or one after a long time, more would only fill the log. */
const MOST_CHANGES = 200;

/** Nothing outside a clone, or when a commit is unknown: a lead time that is not known is not measured. */
export function changesSince(released: string, commit: string, folder: string): Change[] {
  if (!COMMIT.test(released) || !COMMIT.test(commit)) return [];
  try {
    const words = ['log', `--max-count=${MOST_CHANGES}`, '--format=%H %cI', `${released}..${commit}`];
    const log = execFileSync('git', words, {
      cwd: folder,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    return log
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => {
        const [commit = '', committedAt = ''] = line.split(' ');
        return { commit, committedAt };
      });
  } catch {
    return [];
  }
}
