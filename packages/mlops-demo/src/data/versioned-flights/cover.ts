/**
 * Which versions hold the days that a run asks for, and which days to take from each.
 *
 * in:  days, versions → out: parts that cover every day exactly once, or the first day that no version holds
 *
 * Rule: from the first day on, the version that reaches furthest; from its end the next. Only the newest version of a batch counts: what a
 * correction replaced is history.
 *
 * Example: January to 10 February → all of flights-2001-01-…, ten days of flights-2001-02-…
 */
import { dateOf, dayNumber } from '../../flights.js';
import type { NamedManifest } from '../versions/manifest.js';
import { newestVersions } from '../versions/name.js';

/** Some days of a version. */
export interface Part {
  version: string;
  from: string;
  through: string;
}

/** The parts, or the day that is missing. */
export type Cover = { state: 'covered'; parts: Part[] } | { state: 'uncovered'; day: string };

/** Covers the days. */
export function coverOf(
  days: { from: string; through: string },
  dataset: string,
  versions: readonly NamedManifest[],
): Cover {
  const newest = newestVersions(versions).filter(({ manifest }) => manifest.dataset === dataset);
  const parts: Part[] = [];
  for (let from = days.from; from <= days.through;) {
    const holding = newest.filter(({ manifest }) => manifest.from <= from && manifest.through >= from);
    const [furthest] = holding.sort((a, b) => b.manifest.through.localeCompare(a.manifest.through));
    if (furthest === undefined) return { state: 'uncovered', day: from };
    const through = furthest.manifest.through < days.through ? furthest.manifest.through : days.through;
    parts.push({ version: furthest.version, from, through });
    from = dateOf(dayNumber(through) + 1);
  }
  return { state: 'covered', parts };
}
