/**
 * What a batch must hold as a whole: volume, freshness, units; distributions and categories stand in distribution-expectations.ts.
 *
 * in:  the clean rows, the days they are about, the profile of the weeks before → out: one Check for each expectation
 *
 * Rule: an expectation that needs a yardstick nobody gave is skipped and says so. Limits stand between what clean data do and what damage
 * does; small batches get the room that chance needs (chance.ts).
 *
 * Source: measured on flights-3m: a day has 14,267 to 17,548 flights, the middle half of its delays spans 14 to 41 minutes.
 */
import { LEAST_REFERENCE_DAYS } from './reference-profile.js';
import type { ReferenceProfile } from './reference-profile.js';
import type { RawFlights } from '../data/columns.js';
import { dateOf, dayNumber, dayOf } from '../flights.js';
import { mostRows } from './chance.js';
import { check } from './check.js';
import type { Check } from './check.js';
import { distributionChecks } from './distribution-expectations.js';

/** What the expectations look at. */
export interface BatchFacts {
  raw: RawFlights;
  /** Positions of the clean rows. */
  clean: Uint32Array;
  /** Their profile, made when an expectation asks for it. */
  profile: () => ReferenceProfile;
  days: { from: string; through: string } | undefined;
  flightsPerDay: readonly [least: number, most: number] | undefined;
  reference: ReferenceProfile | undefined;
}

/** A day of the whole file has 86 to 106 % of the mean day, of one small airport 81 to 109 %. */
const USUAL_DAY = [0.7, 1.3] as const;
const MIDDLE_HALF_MINUTES = [5, 120] as const;
const MEDIAN_DELAY_MINUTES = [-30, 60] as const;
/** Below this many rows, quartiles say little. */
const LEAST_ROWS_FOR_SPREAD = 20;

/** Examines the batch. */
export function batchChecks(facts: BatchFacts): Check[] {
  if (facts.clean.length === 0) return [noRows()];
  const { reference } = facts;
  const known = reference !== undefined && reference.days >= LEAST_REFERENCE_DAYS;
  return [
    check('rows', 'passed', { expected: 'clean rows', seen: String(facts.clean.length) }),
    ...volume(facts, known ? reference : undefined),
    ...freshness(facts),
    delayScale(facts),
    ...distributionChecks(facts, known ? reference : undefined, reference?.days ?? 0),
  ];
}

function noRows(): Check {
  const seen = { expected: 'at least one clean row', seen: 'none' };
  return { ...check('rows', 'failed', seen), because: 'the batch has no clean row' };
}

function volume(
  { raw, clean, days, flightsPerDay }: BatchFacts,
  reference: ReferenceProfile | undefined,
): Check[] {
  const range = flightsPerDay ?? (reference && usualDay(reference));
  if (!range) return [];
  const perDay = new Map<number, number>();
  if (days) for (let day = dayNumber(days.from); day <= dayNumber(days.through); day++) perDay.set(day, 0);
  for (const row of clean) {
    const day = dayOf(raw.localMinutes[row]!);
    perDay.set(day, (perDay.get(day) ?? 0) + 1);
  }
  const [least, most] = range;
  const expected = `${least} to ${most} flights a day`;
  const odd = [...perDay].filter(([, count]) => count < least || count > most);
  if (odd.length === 0)
    return [check('volume', 'passed', { expected, seen: `that on all ${perDay.size} days` })];
  const [day, count] = odd[0]!;
  return [
    check('volume', 'failed', { expected, seen: `${count} on ${dateOf(day)} (${odd.length} such days)` }),
  ];
}

function usualDay({ rows, days }: ReferenceProfile): readonly [number, number] {
  const mean = rows / days;
  const chance = mostRows(0.5, 4 * mean) - 2 * mean;
  return [Math.max(1, Math.floor(USUAL_DAY[0] * mean - chance)), Math.ceil(USUAL_DAY[1] * mean + chance)];
}

function freshness({ raw, clean, days }: BatchFacts): Check[] {
  if (!days) return [];
  const newest = clean.reduce((last, row) => Math.max(last, raw.localMinutes[row]!), -Infinity);
  const state = dayOf(newest) >= dayNumber(days.through) ? 'passed' : 'failed';
  const expected = `flights up to ${days.through}`;
  return [check('freshness', state, { expected, seen: `the newest on ${dateOf(dayOf(newest))}` })];
}

function delayScale({ raw, clean }: BatchFacts): Check {
  const delays = Int32Array.from(clean, (row) => raw.delayMinutes[row]!).sort();
  const at = (rank: number): number => delays[Math.floor(rank * (delays.length - 1))]!;
  const spread = at(0.75) - at(0.25);
  const middle = at(0.5);
  const enough = delays.length >= LEAST_ROWS_FOR_SPREAD;
  const holds = within(middle, MEDIAN_DELAY_MINUTES) && (within(spread, MIDDLE_HALF_MINUTES) || !enough);
  return check('delay scale', holds ? 'passed' : 'failed', {
    expected: `half of the delays within ${MIDDLE_HALF_MINUTES.join(' to ')} minutes of each other, their median ${MEDIAN_DELAY_MINUTES.join(' to ')}`,
    seen: `within ${spread}, median ${middle}`,
  });
}

function within(value: number, [least, most]: readonly [number, number]): boolean {
  return value >= least && value <= most;
}
