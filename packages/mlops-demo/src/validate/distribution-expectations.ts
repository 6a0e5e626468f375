/**
 * Is the batch like the weeks before? Hours, distances, the times of day of each route, airports that fell silent.
 *
 * in:  the clean rows, the profile of the weeks before → out: one Check each, skipped where there is no profile
 *
 * Rule: limits stand between what clean days do and what damage does; chance.ts adds what small batches need. The times of day of each route
 * tell what sums cannot: a clock that is wrong, origin and destination swapped.
 *
 * When it misleads: a real change (a new timetable) is a change too. It must be small enough or be looked at.
 *
 * Measured and not used: the hours of each airport apart. Clean ones move too (San Juan keeps winter time on 1 April: PSI beyond chance .86; Seattle on the day of
 * its earthquake: 1.48), shifted ones may not (.001), so that no limit lies between.
 *
 * Source: measured on flights-3m, days and months of February to June against the month before. Hours: PSI of clean days at most .023, of
 * days whose clock is an hour off at least .064. Route-slots: unseen share of clean days at most .101, clock an hour off .262 and more, origin and
 * destination swapped .407 and more. `mlops data check` measures the false alarms.
 */
import { populationStability } from '../monitor/population-stability.js';
import type { BatchFacts } from './batch-expectations.js';
import { chancePsi, mostRows } from './chance.js';
import { check, percent } from './check.js';
import type { Check } from './check.js';
import { LEAST_REFERENCE_DAYS, unseenSlots } from './reference-profile.js';
import type { ReferenceProfile } from './reference-profile.js';
import { rowText } from './row-text.js';

const HOURS_PSI = 0.05;
const DISTANCE_PSI = 0.1;
const UNSEEN_SHARE = 0.2;
/** An airport that should have this many flights, no small share of all, and has none has fallen silent. Smaller ones close for a storm or a season. */
const SILENT_FROM_ROWS = 50;
const SILENT_FROM_SHARE = 0.0025;
const EXAMPLES = 3;

/** Compares with the reference; `referenceDays` is told where it is too short to be one. */
export function distributionChecks(
  facts: BatchFacts,
  reference: ReferenceProfile | undefined,
  referenceDays: number,
): Check[] {
  if (reference === undefined) return withoutReference(referenceDays);
  return [
    hours(facts, reference),
    distances(facts, reference),
    routeTimes(facts, reference),
    silence(facts, reference),
  ];
}

function withoutReference(days: number): Check[] {
  const seen = `${days} days`;
  const expected = `${LEAST_REFERENCE_DAYS} days of flights before it to compare with`;
  return ['hours', 'distances', 'route times', 'silent airports'].map((name) =>
    check(name, 'skipped', { expected, seen }),
  );
}

function hours({ profile, clean }: BatchFacts, reference: ReferenceProfile): Check {
  return stability(
    'hours',
    'local hours',
    profile().hours,
    reference.hours,
    HOURS_PSI,
    clean.length,
    reference.rows,
  );
}

function distances({ profile, clean }: BatchFacts, reference: ReferenceProfile): Check {
  const counts = profile().distances;
  return stability(
    'distances',
    'distances',
    counts,
    reference.distances,
    DISTANCE_PSI,
    clean.length,
    reference.rows,
  );
}

function stability(
  name: string,
  what: string,
  counts: readonly number[],
  before: readonly number[],
  limit: number,
  rows: number,
  referenceRows: number,
): Check {
  const used = counts.map((count, bin) => count + before[bin]! > 0);
  const shares = (list: readonly number[], total: number): number[] =>
    list.filter((_, bin) => used[bin]).map((count) => count / total);
  const psi = populationStability(shares(before, referenceRows), shares(counts, rows));
  const most = limit + chancePsi(used.filter(Boolean).length, rows, referenceRows);
  const expected = `${what} as in the weeks before, PSI at most ${most.toFixed(3)}`;
  return check(name, psi <= most ? 'passed' : 'failed', { expected, seen: psi.toFixed(3) });
}

function routeTimes({ raw, clean }: BatchFacts, reference: ReferenceProfile): Check {
  const unseen = unseenSlots(raw, clean, reference);
  const most = mostRows(UNSEEN_SHARE, clean.length);
  const told = check('route times', unseen.length <= most ? 'passed' : 'failed', {
    expected: `at most ${percent(most / clean.length, 1)} of flights at a time of day that their route did not have`,
    seen: percent(unseen.length / clean.length, 1),
  });
  const examples = [...unseen.subarray(0, EXAMPLES)].map((row) => rowText(raw, row));
  return { ...told, rows: unseen.length, examples };
}

function silence({ profile, clean }: BatchFacts, reference: ReferenceProfile): Check {
  const { origins } = profile();
  const silent = [...reference.origins].filter(([code, rows]) => {
    const share = rows / reference.rows;
    const many = share >= SILENT_FROM_SHARE && share * clean.length >= SILENT_FROM_ROWS;
    return many && !origins.has(code);
  });
  const expected = 'a departure from each airport that usually has many';
  const seen = silent.length === 0 ? 'that' : `none from ${silent.map(([code]) => code).join(' ')}`;
  return check('silent airports', silent.length === 0 ? 'passed' : 'failed', { expected, seen });
}
