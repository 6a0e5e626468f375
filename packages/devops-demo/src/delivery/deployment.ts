/**
 * Deployment: on the start of the containers, does the version that was released last go on, or does the image's own go to everybody?
 *
 * in: what the slots' records name, the image's version, the last deployment, the releases → out: Plan
 *
 * Rule: the image's version is brought when nothing runs yet, or when it is new here: it does not serve, it is not what was brought last, and no
 * release has tried it since. What a release took back is not brought, whatever came after it. Deployed is what was seen to serve: a version
 * whose start failed, or was cut off, is tried again. It is written down as a release is, so that the audit log and DORA know of it; the same
 * version's failure once, however often it is tried.
 * When it misleads: everybody gets the image's version at once, unjudged. `devops release` is the careful way.
 *
 *   planDeployment({ runs: {}, mine, deployed: undefined, begun: undefined, releases: [] }, now)
 *   // { do: 'bring', release: { phase: 'starting', slots: { candidate: 'blue', … }, … }, old: undefined }
 */
import { SLOTS, otherSlot } from './instances.js';
import type { Slot } from './instances.js';
import type { Release, Version } from './release.js';

export interface Found {
  /** What each slot's record names. */
  readonly runs: Readonly<Partial<Record<Slot, Version>>>;
  /** The image's own version. */
  readonly mine: Version;
  /** The last deployment that ended well. */
  readonly deployed: Release | undefined;
  /** The deployment that has no end yet: everything was stopped in the middle of it. */
  readonly begun: Release | undefined;
  /** Oldest first. */
  readonly releases: readonly Release[];
}

export type Plan =
  | { readonly do: 'keep'; readonly slot: Slot; readonly digest: string }
  /** `old`: where the version is that serves until then. */
  | { readonly do: 'bring'; readonly release: Release; readonly old: Slot | undefined };

const NOTHING: Version = { version: 'nothing', commit: 'unknown', digest: null };

export function planDeployment(found: Found, now: string): Plan {
  const { runs, mine, begun } = found;
  const serving = servingSlot(found);
  const served = serving === undefined ? undefined : runs[serving];
  if (begun?.candidate.digest === mine.digest)
    return { do: 'bring', release: begun, old: serving === begun.slots.candidate ? undefined : serving };
  if (serving !== undefined && served !== undefined && !isNew(found, served))
    return { do: 'keep', slot: serving, digest: served.digest ?? '' };
  const candidate = serving === undefined ? SLOTS[0] : otherSlot(serving);
  return { do: 'bring', release: begin(mine, served ?? NOTHING, candidate, now), old: serving };
}

/** The old version is stopped only when the new one has everything, and is there for a while after that is written down. */
export function servingSlot({
  runs,
  deployed,
  begun,
}: Pick<Found, 'runs' | 'deployed' | 'begun'>): Slot | undefined {
  if (begun === undefined) {
    const [first, ...others] = SLOTS.filter((slot) => runs[slot] !== undefined);
    const brought = deployed?.slots.candidate;
    const isThere = brought !== undefined && runs[brought]?.digest === deployed?.candidate.digest;
    return others.length > 0 && isThere ? brought : first;
  }
  const { candidate, primary } = begun.slots;
  if (runs[primary] !== undefined) return primary;
  return runs[candidate] !== undefined && begun.primary.digest !== null ? candidate : undefined;
}

function isNew({ mine, deployed, releases }: Found, served: Version): boolean {
  if (mine.digest === served.digest || mine.digest === deployed?.candidate.digest) return false;
  const tried = releases.findLast(({ candidate }) => candidate.digest === mine.digest);
  if (tried === undefined) return true;
  return tried.phase === 'promoted' && deployed !== undefined && deployed.startedAt > tried.startedAt;
}

function begin(candidate: Version, primary: Version, slot: Slot, now: string): Release {
  return {
    id: `${now.replaceAll(/[:.]/g, '-')}-${(candidate.digest ?? '').slice(0, 8)}`,
    startedAt: now,
    updatedAt: now,
    candidate,
    primary,
    primaryUrl: '',
    slots: { candidate: slot, primary: otherSlot(slot) },
    phase: 'starting',
    step: 0,
    because: 'it is new here',
    judged: [],
  };
}

/** Nobody can be brought back to where nothing was: then it is only given up. */
export function endDeployment(
  release: Release,
  outcome: 'serves' | { failed: string; servesOn: boolean },
  now: string,
): Release {
  if (outcome === 'serves') return { ...release, phase: 'promoted', updatedAt: now };
  const phase = outcome.servesOn ? 'rolled-back' : 'stopped';
  return { ...release, phase, because: outcome.failed, updatedAt: now };
}
