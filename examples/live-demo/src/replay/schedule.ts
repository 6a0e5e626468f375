/**
 * Schedule: turns days of recorded flights into one stream of events in the order they happened.
 *
 * in: days of Landing → out: ReplayEvent, each departure once and each outcome once, in time order
 *
 * Rule: a departure happens in its recorded minute, at a second drawn from the seed (the file knows minutes only, and a
 * thousand flights at second 0 would be a load nobody has). Its outcome follows when the flight has landed, never earlier,
 * so nothing leaks. Second and landing never swap: the shortest flight takes 30 minutes.
 * When it misleads: the landing time is estimated (mlops-demo's `landedUtcMinutes`), the file carries none.
 *
 *   eventsOf({ departedAt: '2001-02-01T08:15:00-05:00', landedAt: '2001-02-01T10:05:00-05:00', … }, 1)
 *   // departure at 08:15:ss, outcome at 10:05:00
 */
import type { Landing } from 'mlops-demo';
import { createHeap } from './heap.js';

/** What the replay sends, at which instant of simulated time (epoch milliseconds). */
export interface ReplayEvent {
  readonly kind: 'departure' | 'outcome';
  readonly at: number;
  readonly flight: Landing;
}

/** The flights of one local calendar day (`2001-02-01`), in any order; undefined after the last recorded day. */
export type FlightDays = (day: string) => Promise<readonly Landing[] | undefined>;

export interface ScheduleOptions {
  readonly seed: number;
  /** Departures from here on (epoch milliseconds). */
  readonly from: number;
  /** Departures before this; their outcomes still follow. */
  readonly until: number;
  /** Events up to and including this one were delivered before. */
  readonly after?: EventKey;
}

/** What orders events and names one of them. */
export interface EventKey {
  readonly at: number;
  readonly kind: ReplayEvent['kind'];
  readonly flightId: string;
}

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
/** Every airport of the record lies west of Greenwich, at most this far: a local day begins and ends after the UTC day. */
const WESTERNMOST_MS = 12 * HOUR_MS;
/** Longest time from departure to landing: 20 h late (more is quarantined) and 5,000 miles, rounded up. */
const LONGEST_FLIGHT_MS = 36 * HOUR_MS;

export function eventsOf(flight: Landing, seed: number): [departure: ReplayEvent, outcome: ReplayEvent] {
  const second = secondOf(flight.flightId, seed);
  return [
    { kind: 'departure', at: Date.parse(flight.departedAt) + second * 1_000, flight },
    { kind: 'outcome', at: Date.parse(flight.landedAt), flight },
  ];
}

export async function* schedule(days: FlightDays, options: ScheduleOptions): AsyncGenerator<ReplayEvent> {
  const waiting = createHeap<ReplayEvent>((a, b) => compareKeys(keyOf(a), keyOf(b)));
  const { after = { at: options.from, kind: 'departure', flightId: '' } } = options;
  for (let day = firstDay(options.from, after.at); ; day += DAY_MS) {
    const flights = day < options.until ? await days(isoDay(day)) : undefined;
    // What later days may still bring is later than this.
    const complete = flights === undefined ? Infinity : day + DAY_MS;
    for (const flight of flights ?? []) {
      const departedAt = Date.parse(flight.departedAt);
      if (departedAt < options.from || departedAt >= options.until) continue;
      for (const event of eventsOf(flight, options.seed)) {
        if (compareKeys(keyOf(event), after) > 0) waiting.push(event);
      }
    }
    for (let next = waiting.peek(); next !== undefined && next.at < complete; next = waiting.peek()) {
      waiting.pop();
      yield next;
    }
    if (flights === undefined) return;
  }
}

export function keyOf(event: ReplayEvent): EventKey {
  return { at: event.at, kind: event.kind, flightId: event.flight.flightId };
}

/** By time, departures before outcomes, then by flight: a total order, so that a position names one place in it. */
export function compareKeys(a: EventKey, b: EventKey): number {
  if (a.at !== b.at) return a.at - b.at;
  if (a.kind !== b.kind) return a.kind === 'departure' ? -1 : 1;
  return a.flightId < b.flightId ? -1 : a.flightId > b.flightId ? 1 : 0;
}

/** Begins early enough for flights that are still in the air at `position`, but not before `from`'s own day. */
function firstDay(from: number, position: number): number {
  const earliest = Math.max(from, position - LONGEST_FLIGHT_MS) - WESTERNMOST_MS;
  return Math.floor(earliest / DAY_MS) * DAY_MS;
}

function isoDay(at: number): string {
  return new Date(at).toISOString().slice(0, 10);
}

/** FNV-1a with a final mix: the same flight and seed give the same second, neighbours differ. */
function secondOf(flightId: string, seed: number): number {
  let hash = 0x811c9dc5;
  for (const character of `${seed}:${flightId}`) hash = Math.imul(hash ^ character.charCodeAt(0), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x45d9f3b);
  return ((hash ^ (hash >>> 16)) >>> 0) % 60;
}
