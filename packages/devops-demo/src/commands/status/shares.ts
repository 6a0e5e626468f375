/**
 * Shares: what the gateway gives each version, beside what the release says that it gives.
 *
 * in: Backend[], the release that is written down, whether a controller is at it → out: Stage
 *
 * Rule: a release is a plan, the gateway is what happens. They differ for a moment while a controller shifts; without a controller they stay so.
 * After its end a release says nothing any more: the next start of a gateway begins with the version that is built here.
 */
import type { Backend } from '../../delivery/gateway.js';
import { isFinal } from '../../delivery/release.js';
import type { Release } from '../../delivery/release.js';
import { CONTROLLER_GONE, candidateWeight } from '../../delivery/shift-traffic.js';
import type { Stage } from '../../delivery/stage.js';

export function shares(
  backends: readonly Backend[],
  { release, abandoned }: { release: Release | undefined; abandoned: boolean },
): Stage {
  const real = wordsOf(backends);
  if (release === undefined || isFinal(release.phase)) return { state: 'passed', because: real };
  const weight = candidateWeight(release);
  const { candidate, primary } = release.slots;
  const meant = wordsOf([
    { name: primary, weight: 100 - weight },
    { name: candidate, weight },
  ]);
  const both = real === meant ? real : `${real}; the release says ${meant}`;
  return abandoned
    ? { state: 'failed', because: `${both}; ${CONTROLLER_GONE}` }
    : { state: 'running', because: both };
}

function wordsOf(backends: readonly Pick<Backend, 'name' | 'weight'>[]): string {
  const words = backends.filter(({ weight }) => weight > 0).map(({ name, weight }) => `${name} ${weight} %`);
  return words.sort().join(', ') || 'nothing';
}
