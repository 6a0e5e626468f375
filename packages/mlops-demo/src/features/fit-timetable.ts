/**
 * Fit the timetable: what the 14 days before a day say, as one fixed table.
 *
 * in:  FlightColumns, the day → out: FrozenTimetable
 *
 * Rule: flights of the 14 local days before `asOf` that had landed by 09:00 UTC of that day, when it is 05:00 in San Juan and no flight
 * of the day has left yet. So a table may be used for every flight of its day and later, and knows nothing of their future.
 *
 * When it misleads: a flight that was still in the air at 09:00 UTC (Hawaii, very late ones) is in no table of that day.
 */
import { landedAt } from '../data/columns.js';
import type { FlightColumns } from '../data/columns.js';
import { dayOf, minuteOfDay } from '../flights.js';
import { clipDelay } from './clip-delay.js';
import { FrozenTimetable } from './frozen-timetable.js';
import { SLOT_MINUTES, SLOTS, TIMETABLE_DAYS } from './learned-timetable.js';

const MINUTES_PER_DAY = 1440;
const KNOWN_BY_UTC_MINUTE = 9 * 60;
const MOST_AIRPORTS = 65_536;

interface RouteSlots {
  counts: Uint16Array;
  delaySums: Int32Array;
}

/** The timetable as of a day, counted from 1970. */
export function fitTimetable(flights: FlightColumns, asOf: number): FrozenTimetable {
  const routes = new Map<number, RouteSlots>();
  const knownBy = asOf * MINUTES_PER_DAY + KNOWN_BY_UTC_MINUTE;
  // Local time lags behind UTC by less than a day.
  const from = firstAtOrAfter(flights.utcMinutes, (asOf - TIMETABLE_DAYS) * MINUTES_PER_DAY);
  for (let position = from; (flights.utcMinutes[position] ?? Infinity) < knownBy; position++) {
    const local = flights.localMinutes[position]!;
    const day = dayOf(local);
    if (day < asOf - TIMETABLE_DAYS || day >= asOf || landedAt(flights, position) >= knownBy) continue;
    const { counts, delaySums } = openRoute(routes, flights, position);
    const slot = Math.floor(minuteOfDay(local) / SLOT_MINUTES);
    counts[slot]!++;
    delaySums[slot]! += clipDelay(flights.delayMinutes[position]!);
  }
  return compact(routes, flights.codes, asOf);
}

function openRoute(routes: Map<number, RouteSlots>, flights: FlightColumns, position: number): RouteSlots {
  const key = flights.origins[position]! * MOST_AIRPORTS + flights.destinations[position]!;
  let route = routes.get(key);
  if (route === undefined) {
    routes.set(key, (route = { counts: new Uint16Array(SLOTS), delaySums: new Int32Array(SLOTS) }));
  }
  return route;
}

/** Routes in order, and only the slots that hold flights. */
function compact(routes: Map<number, RouteSlots>, codes: readonly string[], asOf: number): FrozenTimetable {
  const keys = Float64Array.from(routes.keys()).sort();
  const ends = new Uint32Array(keys.length);
  const slots: number[] = [];
  const counts: number[] = [];
  const delaySums: number[] = [];
  for (const [at, key] of keys.entries()) {
    const route = routes.get(key)!;
    for (let slot = 0; slot < SLOTS; slot++) {
      if (route.counts[slot] === 0) continue;
      slots.push(slot);
      counts.push(route.counts[slot]!);
      delaySums.push(route.delaySums[slot]!);
    }
    ends[at] = slots.length;
  }
  return new FrozenTimetable({
    asOf,
    codes,
    origins: Uint16Array.from(keys, (key) => Math.floor(key / MOST_AIRPORTS)),
    destinations: Uint16Array.from(keys, (key) => key % MOST_AIRPORTS),
    ends,
    slots: Uint8Array.from(slots),
    counts: Uint16Array.from(counts),
    delaySums: Int32Array.from(delaySums),
  });
}

function firstAtOrAfter(ascending: Int32Array, minute: number): number {
  let low = 0;
  let high = ascending.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (ascending[middle]! < minute) low = middle + 1;
    else high = middle;
  }
  return low;
}
