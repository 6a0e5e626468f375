/**
 * Shift traffic: how much of it does the new version get, and when does it get more?
 *
 * in: Release → out: Stage
 *
 * Rule: 5 % → 10 % → 25 % → 50 %, then all of it. Each step is taken only after the one before was judged "pass". The first two steps
 * are at most a tenth: that is all that meets a bad version that shows itself early.
 * When it misleads: a defect that needs load, or one kind of request that a twentieth of the traffic does not contain, shows late or never.
 * Source: D. Sato, "Canary Release", https://martinfowler.com/bliki/CanaryRelease.html (2014).
 *
 *   STEPS_PER_CENT // [5, 10, 25, 50]
 */
import type { Release } from './release.js';
import type { Stage } from './stage.js';

/** The share at which the new version is compared with the old. At 100 % there is nobody left to compare with. */
export const STEPS_PER_CENT = [5, 10, 25, 50] as const;
const ALL_PER_CENT = 100;

export type Shifted = Stage;

/** How much the new version is meant to get in this phase. */
export function candidateWeight({ phase, step }: Pick<Release, 'phase' | 'step'>): number {
  if (phase === 'shifting' || phase === 'observing') return STEPS_PER_CENT[step] ?? ALL_PER_CENT;
  if (phase === 'promoting' || phase === 'retiring' || phase === 'promoted') return ALL_PER_CENT;
  return 0;
}

/** What a person does about a release that nobody drives any more. */
export const CONTROLLER_GONE = 'the controller is gone: devops release --resume';

/** @param isAbandoned it has no end, and no controller is at it: what was lent falls back to the old version */
export function shiftTraffic(release: Release | undefined, isAbandoned = false): Shifted {
  if (release === undefined) {
    return { state: 'skipped', because: 'no release yet: one version answers everything' };
  }
  const weight = candidateWeight(release);
  const { version } = release.candidate;
  const share = `${version} gets ${weight} % of the requests`;
  if (release.phase === 'refused')
    return { state: 'skipped', because: `${version} was refused, it got nothing` };
  if (isAbandoned && weight > 0 && weight < ALL_PER_CENT) {
    const back = `${version} was lent ${weight} %, ${release.primary.version} gets them all again`;
    return { state: 'failed', because: `${back}; ${CONTROLLER_GONE}` };
  }
  if (release.phase === 'verifying' || release.phase === 'starting') {
    return { state: 'waiting', because: `${version} does not run yet` };
  }
  if (release.phase === 'promoted') return { state: 'passed', because: share };
  if (release.phase === 'shifting' || release.phase === 'observing' || release.phase === 'promoting') {
    return { state: 'running', because: `${share}, step ${release.step + 1} of ${STEPS_PER_CENT.length}` };
  }
  if (release.phase === 'retiring') return { state: 'running', because: share };
  return { state: 'failed', because: `${share}: ${release.primary.version} gets them all again` };
}
