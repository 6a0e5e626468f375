/**
 * Unfinished: the end of a release that was under way when everything stopped.
 *
 * in: the release that is written down → out: the same with an end, and whose slot is to be free; undefined when it has an end already
 *
 * Rule: what had everything already is promoted; what was still being judged is stopped without blame.
 */
import type { Slot } from '../instances.js';
import { advance, isFinal } from '../release.js';
import type { Release } from '../release.js';

export interface Ended {
  readonly release: Release;
  readonly free: Slot;
}

export function endUnfinished(left: Release | undefined, now: string): Ended | undefined {
  if (left === undefined || isFinal(left.phase)) return undefined;
  const { candidate, primary } = left.slots;
  return left.phase === 'retiring'
    ? { release: advance(left, { kind: 'done' }, now), free: primary }
    : { release: advance(left, { kind: 'abandoned' }, now), free: candidate };
}
