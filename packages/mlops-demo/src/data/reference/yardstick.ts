/**
 * The weeks before a batch, out of the versions that are there: the yardstick for its validation.
 *
 * in:  a store, its versions, the first day of a batch → out: ReferenceProfile of the versions that end at most 31 days before it
 *
 * Rule: only versions of the same data set, only their clean rows, and only when their digests are right. Each is read once.
 */
import type { Airports } from '../../airports.js';
import { dayNumber } from '../../flights.js';
import { judge } from '../../validate/judge.js';
import { mergeProfiles, profileOf } from '../../validate/reference-profile.js';
import type { ReferenceProfile } from '../../validate/reference-profile.js';
import { readBatchOf } from '../batch/store.js';
import type { RawFlights } from '../columns.js';
import type { ObjectStore } from '../objects/object-store.js';
import type { NamedManifest } from '../versions/manifest.js';
import { newestVersions } from '../versions/name.js';
import { readVersion } from '../versions/read.js';

const REFERENCE_DAYS = 31;

/** Profiles of versions, remembered. */
export class Yardstick {
  private readonly profiles = new Map<string, ReferenceProfile>();
  private readonly store: ObjectStore;
  private readonly airports: Airports;

  constructor(store: ObjectStore, airports: Airports) {
    this.store = store;
    this.airports = airports;
  }

  /** Takes in a version's clean rows that are read already. */
  remember(version: string, raw: RawFlights, clean: Uint32Array): void {
    this.profiles.set(version, profileOf(raw, clean));
  }

  /** The weeks before this day, or undefined where there are no versions of them. */
  async before(
    { dataset, from }: { dataset: string; from: string },
    versions: readonly NamedManifest[],
  ): Promise<ReferenceProfile | undefined> {
    const day = dayNumber(from);
    const lately = newestVersions(versions).filter(
      ({ manifest }) =>
        manifest.dataset === dataset &&
        dayNumber(manifest.through) < day &&
        dayNumber(manifest.from) >= day - REFERENCE_DAYS,
    );
    // Days and months of the same time would count twice: take the kind that reaches further.
    const byMonth = lately.filter(({ manifest }) => manifest.by === 'month');
    const used = byMonth.length > 0 ? byMonth : lately;
    const profiles: ReferenceProfile[] = [];
    for (const { version } of used) {
      const profile = await this.profile(version);
      if (profile) profiles.push(profile);
    }
    return profiles.length === 0 ? undefined : mergeProfiles(profiles);
  }

  private async profile(version: string): Promise<ReferenceProfile | undefined> {
    const known = this.profiles.get(version);
    if (known) return known;
    const read = await readVersion(this.store, version);
    if (read.state === 'refused') return undefined;
    const batch = await readBatchOf(read.bytes, version);
    if (batch.state === 'unreadable') return undefined;
    this.remember(version, batch.raw, judge(batch.raw, this.airports, {}).clean);
    return this.profiles.get(version);
  }
}
