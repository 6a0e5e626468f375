/**
 * The versions that hold the flights of some days.
 *
 * in:  days, all versions → out: the newest version of each batch, without overlap; or the first day that none holds
 *
 * Rule: from the first day on, the version that reaches furthest. A day that no version holds stops training: a batch that was refused left it out.
 *
 * Example: 1 January to 14 February → flights-2001-01-…, flights-2001-02-…
 */
import { dateOf, dayNumber } from '../../flights.js';
import type { NamedManifest } from './manifest.js';
import { newestVersions } from './name.js';

export type Covering = { state: 'covered'; versions: NamedManifest[] } | { state: 'gap'; because: string };

export function versionsCovering(
  days: { from: string; through: string },
  dataset: string,
  versions: readonly NamedManifest[],
): Covering {
  const newest = newestVersions(versions).filter(({ manifest }) => manifest.dataset === dataset);
  const chosen: NamedManifest[] = [];
  for (let day = days.from; day <= days.through; day = dayAfter(chosen.at(-1)!.manifest.through)) {
    const begins = ({ manifest }: NamedManifest): boolean =>
      chosen.length === 0 ? manifest.from <= day && manifest.through >= day : manifest.from === day;
    const [longest] = newest
      .filter(begins)
      .sort((a, b) => b.manifest.through.localeCompare(a.manifest.through));
    if (longest === undefined)
      return {
        state: 'gap',
        because: `no version of ${dataset} holds ${day}: it was not added, or it was refused`,
      };
    chosen.push(longest);
  }
  return { state: 'covered', versions: chosen };
}

function dayAfter(date: string): string {
  return dateOf(dayNumber(date) + 1);
}
