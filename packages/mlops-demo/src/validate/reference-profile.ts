/**
 * What good flights looked like lately: the yardstick for a new batch.
 *
 * in:  clean flights of the weeks before → out: counts by hour, distance, airport, and the route-slots that were flown
 *
 * Rule: counts only, so profiles of single days add up to the profile of a month. A route-slot is a route and ten minutes of the local
 * day; a flight is in a known slot when the route was flown in that slot or one beside it.
 *
 * When it misleads: a timetable change makes slots new that are right. On 1 April 2001 the unseen share rises to 10 %, on broken clocks to
 * 26 % and more: the limit lies between (batch-expectations.ts).
 */
import type { RawFlights } from '../data/columns.js';
import { dayOf, minuteOfDay } from '../flights.js';

/** Counts over clean flights. */
export interface ReferenceProfile {
  days: number;
  rows: number;
  /** By local hour. */
  hours: number[];
  /** By DISTANCE_EDGES. */
  distances: number[];
  origins: Map<string, number>;
  slots: Set<number>;
}

/** Upper edges of the distance bins, in miles: about the deciles of all flights. */
export const DISTANCE_EDGES = [175, 250, 325, 425, 550, 700, 875, 1075, 1550] as const;

/** A profile of fewer days is no yardstick. */
export const LEAST_REFERENCE_DAYS = 14;

const SLOT_MINUTES = 10;
const SLOTS_PER_DAY = 1440 / SLOT_MINUTES;
const LETTERS = 36;

/** Counts the rows at these positions. */
export function profileOf(raw: RawFlights, positions: Uint32Array): ReferenceProfile {
  const hours = Array.from({ length: 24 }, () => 0);
  const distances = Array.from({ length: DISTANCE_EDGES.length + 1 }, () => 0);
  const byOrigin = new Uint32Array(raw.codes.length);
  const slots = new Set<number>();
  const days = new Set<number>();
  const codes = raw.codes.map(codeNumber);
  for (const row of positions) {
    const minutes = raw.localMinutes[row]!;
    hours[Math.floor(minuteOfDay(minutes) / 60)]!++;
    distances[distanceBin(raw.distanceMiles[row]!)]!++;
    byOrigin[raw.origins[row]!]!++;
    days.add(dayOf(minutes));
    slots.add(slotOf(codes[raw.origins[row]!]!, codes[raw.destinations[row]!]!, minutes));
  }
  const origins = new Map(
    raw.codes.map((code, i) => [code, byOrigin[i]!] as const).filter(([, rows]) => rows > 0),
  );
  return { days: days.size, rows: positions.length, hours, distances, origins, slots };
}

/** One profile of several that share no day. */
export function mergeProfiles(profiles: readonly ReferenceProfile[]): ReferenceProfile {
  const origins = new Map<string, number>();
  const slots = new Set<number>();
  for (const profile of profiles) {
    for (const [code, rows] of profile.origins) origins.set(code, (origins.get(code) ?? 0) + rows);
    for (const slot of profile.slots) slots.add(slot);
  }
  return {
    days: profiles.reduce((sum, { days }) => sum + days, 0),
    rows: profiles.reduce((sum, { rows }) => sum + rows, 0),
    hours: sumOf(profiles.map(({ hours }) => hours)),
    distances: sumOf(profiles.map(({ distances }) => distances)),
    origins,
    slots,
  };
}

/** The positions among these whose route was never flown within ten minutes of their time of day. */
export function unseenSlots(
  raw: RawFlights,
  positions: Uint32Array,
  { slots }: ReferenceProfile,
): Uint32Array {
  const codes = raw.codes.map(codeNumber);
  return positions.filter((row) => {
    const slot = slotOf(codes[raw.origins[row]!]!, codes[raw.destinations[row]!]!, raw.localMinutes[row]!);
    return !slots.has(slot) && !slots.has(slot - 1) && !slots.has(slot + 1);
  });
}

function sumOf(lists: readonly (readonly number[])[]): number[] {
  const [first = []] = lists;
  return first.map((_, i) => lists.reduce((sum, list) => sum + (list[i] ?? 0), 0));
}

function distanceBin(miles: number): number {
  const bin = DISTANCE_EDGES.findIndex((edge) => miles < edge);
  return bin === -1 ? DISTANCE_EDGES.length : bin;
}

function slotOf(origin: number, destination: number, localMinutes: number): number {
  const route = origin * LETTERS ** 3 + destination;
  return route * SLOTS_PER_DAY + Math.floor(minuteOfDay(localMinutes) / SLOT_MINUTES);
}

/** Three letters as a number; the same in every batch, whatever its list of airports. */
function codeNumber(code: string): number {
  return Number.parseInt(code, LETTERS);
}
