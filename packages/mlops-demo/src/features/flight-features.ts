/**
 * The features of a flight at the moment of its departure: one definition, offline and online.
 *
 * in:  the events of all flights in time order (departed, landed), and a departure to judge
 * out: Float32Array of 27 numbers (names.ts)
 *
 * Rule: only what was known before the minute of departure counts. A departure is known when it happens; a delay is known
 * when the flight has landed. The offline run merges both kinds of events by time; the server feeds them as they come.
 * Both call this class, so there is no second definition that could differ.
 *
 * Timetable: without one of its own, the table of the last 14 days of landings is read, fresh every day ("nightly"). A frozen one belongs
 * to a model: `withTimetable` looks at the same world through another model's table.
 *
 * When it misleads: with events missing (a feed outage) the means shrink to the system's, without a word. Watch the feed's lag.
 */
import { dayOf, departureMinutes, landingMinutes, minuteOfDay } from '../flights.js';
import type { Departure, DepartureMinutes, Landing, LandingMinutes } from '../flights.js';
import { clipDelay } from './clip-delay.js';
import type { FrozenTimetable } from './frozen-timetable.js';
import { AirportStates, EXPECTED_WINDOW_MINUTES } from './key-state.js';
import { NO_HISTORY, TIMETABLE_DAYS } from './learned-timetable.js';
import type { SlotHistory } from './learned-timetable.js';
import { FEATURE_COUNT } from './names.js';
import { WindowSums } from './window-sums.js';
import type { WindowSum } from './window-sums.js';

const HOUR = 60;
const DAY = 1440;
/** A mean of few flights is pulled towards the system's mean as if this many of its flights were among them. */
const PRIOR_FLIGHTS = 5;
const SLOT_PRIOR_FLIGHTS = 1;
const NOTHING: WindowSum = { sum: 0, count: 0 };

/** What is known of the world: windows and nightly timetables. */
interface World {
  system: WindowSums;
  airports: AirportStates;
}

/** Which timetable is read. */
export interface FlightFeaturesOptions {
  /** A model's own; without one, the last 14 days of landings. */
  timetable?: FrozenTimetable | undefined;
}

/** The state of all windows and timetables, and the questions to it. */
export class FlightFeatures {
  readonly #world: World;
  readonly #timetable: FrozenTimetable | undefined;

  constructor({ timetable }: FlightFeaturesOptions = {}, world: World = newWorld()) {
    this.#timetable = timetable;
    this.#world = world;
  }

  /** The same world, read with another timetable. What one of the two learns, both know. */
  withTimetable(timetable: FrozenTimetable | undefined): FlightFeatures {
    return new FlightFeatures({ timetable }, this.#world);
  }

  /** A flight has left. */
  departed(departure: Departure | DepartureMinutes): void {
    const flight = 'utcMinutes' in departure ? departure : departureMinutes(departure);
    const { airports } = this.#world;
    airports.open(flight.origin).departures.add(flight.utcMinutes, 1);
    airports.openRoute(flight.origin, flight.destination).departures.add(flight.utcMinutes, 1);
  }

  /** A flight has landed: from now on its delay is known. */
  landed(landing: Landing | LandingMinutes): void {
    const flight = 'utcMinutes' in landing ? landing : landingMinutes(landing);
    const delay = clipDelay(flight.delayMinutes);
    const known = flight.landedUtcMinutes;
    const { system, airports } = this.#world;
    system.add(known, delay);
    airports.open(flight.destination).arrivals.add(known, delay);
    airports.open(flight.origin).landedDepartures.add(known, delay);
    const route = airports.openRoute(flight.origin, flight.destination);
    route.delays.add(known, delay);
    route.timetable.add(dayOf(flight.localMinutes), minuteOfDay(flight.localMinutes), delay);
  }

  /** The 27 inputs of a departure. Asking teaches nothing: unknown airports stay unknown. */
  featuresOf(departure: Departure | DepartureMinutes): Float32Array {
    const row = new Float32Array(FEATURE_COUNT);
    this.writeFeatures('utcMinutes' in departure ? departure : departureMinutes(departure), row, 0);
    return row;
  }

  /** The same, written into a table of rows. */
  writeFeatures(flight: DepartureMinutes, rows: Float32Array, offset: number): void {
    const { utcMinutes: now, localMinutes } = flight;
    const { system, airports } = this.#world;
    const minute = minuteOfDay(localMinutes);
    const origin = airports.get(flight.origin);
    const destination = airports.get(flight.destination);
    const route = origin?.routes.get(flight.destination);
    const day = system.before(now, DAY);
    const prior = day.count === 0 ? 0 : day.sum / day.count;
    let at = writeClock(flight, minute, rows, offset);

    const arrivals = origin?.arrivals.before(now, HOUR) ?? NOTHING;
    const departures = origin?.departures.before(now, HOUR) ?? NOTHING;
    rows[at++] = shrunkMean(arrivals, prior);
    rows[at++] = Math.log1p(arrivals.count);
    rows[at++] = shrunkMean(origin?.landedDepartures.before(now, HOUR), prior);
    rows[at++] = shrunkMean(origin?.landedDepartures.before(now, 3 * HOUR), prior);
    rows[at++] = shrunkMean(destination?.arrivals.before(now, 3 * HOUR), prior);
    rows[at++] = shrunkMean(destination?.landedDepartures.before(now, 3 * HOUR), prior);
    rows[at++] = shrunkMean(route?.delays.before(now, DAY), prior);
    rows[at++] = shrunkMean(system.before(now, HOUR), prior);
    rows[at++] = Math.log1p(departures.count);

    const slot = this.#slotHistory(flight);
    const actual = route?.departures.before(now, EXPECTED_WINDOW_MINUTES) ?? NOTHING;
    rows[at++] = (slot.delaySum + SLOT_PRIOR_FLIGHTS * prior) / (slot.count + SLOT_PRIOR_FLIGHTS);
    rows[at++] = Math.log1p(slot.count);
    rows[at++] = slot.count / TIMETABLE_DAYS;
    rows[at++] = slot.expectedEarlier;
    rows[at++] = slot.expectedEarlier - actual.count;
  }

  /**
   * Whether the timetable has ever seen a flight of this route around this minute. The share of departures without history needs no
   * label: it grows at once when airlines change their timetables.
   */
  hasSlotHistory(departure: Departure | DepartureMinutes): boolean {
    const flight = 'utcMinutes' in departure ? departure : departureMinutes(departure);
    return this.#slotHistory(flight).count > 0;
  }

  #slotHistory({ origin, destination, localMinutes }: DepartureMinutes): SlotHistory {
    const minute = minuteOfDay(localMinutes);
    if (this.#timetable !== undefined) return this.#timetable.read(origin, destination, minute);
    const route = this.#world.airports.get(origin)?.routes.get(destination);
    return route?.timetable.read(dayOf(localMinutes), minute) ?? NO_HISTORY;
  }
}

function newWorld(): World {
  return { system: new WindowSums(DAY), airports: new AirportStates() };
}

/** Writes the 13 inputs of clock, calendar and distance; returns where the next one goes. */
function writeClock(flight: DepartureMinutes, minute: number, rows: Float32Array, offset: number): number {
  const angle = (2 * Math.PI * minute) / DAY;
  // Day 0 of the count, 1 January 1970, was a Thursday.
  const weekday = (dayOf(flight.localMinutes) + 4) % 7;
  let at = offset;
  rows[at++] = Math.sin(angle);
  rows[at++] = Math.cos(angle);
  rows[at++] = Math.sin(2 * angle);
  rows[at++] = Math.cos(2 * angle);
  rows[at++] = minute % 5 === 0 ? 1 : 0;
  for (let d = 0; d < 7; d++) rows[at++] = d === weekday ? 1 : 0;
  rows[at++] = Math.log(Math.max(flight.distanceMiles, 1));
  return at;
}

function shrunkMean(window: WindowSum | undefined, prior: number): number {
  const { sum, count } = window ?? NOTHING;
  return (sum + PRIOR_FLIGHTS * prior) / (count + PRIOR_FLIGHTS);
}
