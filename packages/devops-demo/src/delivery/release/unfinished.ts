/**
 * Unfinished: the end of a release that was under way when everything stopped.
 *
 * in: the release that is written down, who serves now → out: the same with an end, and whose slot is to be free; undefined when it has an
 * end already
 *
 * Rule: what had everything already is promoted; what was going back has gone back, with its blame; what was still being judged is stopped
 * without blame.
 */
import type { Slot } from '../instances.js';
import { advance, isFinal } from '../release.js';
import type { Release } from '../release.js';

export interface Ended {
  readonly release: Release;
  readonly free: Slot;
}

/** @param serving who has everything by now; undefined where nobody serves, or that is not known */
export function endUnfinished(left: Release | undefined, now: string, serving?: Slot): Ended | undefined {
  if (left === undefined || isFinal(left.phase)) return undefined;
  const { candidate, primary } = left.slots;
  const done = (release: Release) => advance(release, { kind: 'done' }, now);
  if (left.phase === 'retiring') return { release: done(left), free: primary };
  if (left.phase === 'promoting' && serving === candidate)
    return { release: done(done(left)), free: primary };
  if (left.phase === 'rolling-back') return { release: done(done(left)), free: candidate };
  if (left.phase === 'stopping') return { release: done(left), free: candidate };
  return { release: advance(left, { kind: 'abandoned' }, now), free: candidate };
}
