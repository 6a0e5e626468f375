/**
 * Stages of a release, as the pipeline's report tells them.
 *
 * in: Release → out: what the analysis said last, and what became of the release
 *
 * Rule: "failed" is said of a version that was judged bad or refused; one that was stopped for want of traffic is "skipped": nobody knows.
 */
import { isWarmingUp } from '../release.js';
import type { Phase, Release } from '../release.js';
import { CONTROLLER_GONE } from '../shift-traffic.js';
import type { Stage } from '../stage.js';

export type Analyzed = Stage;
export type Released = Stage;

const NO_RELEASE: Stage = { state: 'skipped', because: 'no release yet: there is nothing to compare' };
const STATES = { pass: 'passed', fail: 'failed', inconclusive: 'running' } as const;
const ENDINGS: Partial<Record<Phase, { state: Stage['state']; words: string }>> = {
  promoted: { state: 'passed', words: 'is with everybody' },
  refused: { state: 'failed', words: 'was refused before it got traffic' },
  'rolled-back': { state: 'failed', words: 'was taken back' },
  stopped: { state: 'skipped', words: 'was taken back without blame' },
};

export function analyzed(release: Release | undefined): Analyzed {
  const last = release?.judged.at(-1);
  if (release === undefined) return NO_RELEASE;
  if (last === undefined) return { state: 'waiting', because: 'no window was judged yet' };
  const { verdict, weight, window } = last;
  const said = isWarmingUp(release) ? 'warming up' : verdict.kind;
  const because = `${said} at ${weight} %, ${window.canary.requests} requests: ${verdict.because}`;
  const undecided = verdict.kind === 'inconclusive' && release.phase === 'stopped';
  return { state: undecided ? 'skipped' : STATES[verdict.kind], because };
}

/** @param isAbandoned it has no end, and no controller is at it */
export function released(release: Release | undefined, isAbandoned = false): Released {
  if (release === undefined) return { state: 'skipped', because: 'no release yet' };
  const { phase, candidate, primary, because } = release;
  const ending = ENDINGS[phase];
  if (ending === undefined && isAbandoned) {
    const words = `${candidate.version} after ${primary.version}, ${phase}: ${CONTROLLER_GONE}`;
    return { state: 'failed', because: words };
  }
  if (ending === undefined) {
    return {
      state: 'running',
      because: `${candidate.version} after ${primary.version}, ${isWarmingUp(release) ? 'warming up' : phase}: ${because}`,
    };
  }
  return { state: ending.state, because: `${candidate.version} ${ending.words}: ${because}` };
}
