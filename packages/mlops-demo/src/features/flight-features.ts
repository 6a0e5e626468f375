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
 * When it misleads: with events missing (a feed outage) the means shrink to the system's, without a word. Watch the feed's lag.
 */
import { dayOf, departureMinutes, landingMinutes, minuteOfDay } from '../flights.js';
import type { Departure, DepartureMinutes, Landing, LandingMinutes } from '../flights.js';
import { AirportStates, EXPECTED_WINDOW_MINUTES } from './key-state.js';
import { NO_HISTORY, TIMETABLE_DAYS } from './learned-timetable.js';
import { FEATURE_COUNT } from './names.js';
import { WindowSums } from './window-sums.js';
import type { WindowSum } from './window-sums.js';

const HOUR = 60;
const DAY = 1440;
const DELAY_MIN = -30;
const DELAY_MAX = 180;
/** A mean of few flights is pulled towards the system's mean as if this many of its flights were among them. */
const PRIOR_FLIGHTS = 5;
const SLOT_PRIOR_FLIGHTS = 1;
const NOTHING: WindowSum = { sum: 0, count: 0 };

/** The state of all windows and timetables, and the questions to it. */
export class FlightFeatures {
  readonly #system = new WindowSums(DAY);
  readonly #airports = new AirportStates();

  /** A flight has left. */
  departed(departure: Departure | DepartureMinutes): void {
    const flight = 'utcMinutes' in departure ? departure : departureMinutes(departure);
    this.#airports.open(flight.origin).departures.add(flight.utcMinutes, 1);
    this.#airports.openRoute(flight.origin, flight.destination).departures.add(flight.utcMinutes, 1);
  }

  /** A flight has landed: from now on its delay is known. */
  landed(landing: Landing | LandingMinutes): void {
    const flight = 'utcMinutes' in landing ? landing : landingMinutes(landing);
    const delay = Math.min(Math.max(flight.delayMinutes, DELAY_MIN), DELAY_MAX);
    const known = flight.landedUtcMinutes;
    this.#system.add(known, delay);
    this.#airports.open(flight.destination).arrivals.add(known, delay);
    this.#airports.open(flight.origin).landedDepartures.add(known, delay);
    const route = this.#airports.openRoute(flight.origin, flight.destination);
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
    const minute = minuteOfDay(localMinutes);
    const origin = this.#airports.get(flight.origin);
    const destination = this.#airports.get(flight.destination);
    const route = origin?.routes.get(flight.destination);
    const day = this.#system.before(now, DAY);
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
    rows[at++] = shrunkMean(this.#system.before(now, HOUR), prior);
    rows[at++] = Math.log1p(departures.count);

    const slot = route?.timetable.read(dayOf(localMinutes), minute) ?? NO_HISTORY;
    const actual = route?.departures.before(now, EXPECTED_WINDOW_MINUTES) ?? NOTHING;
    rows[at++] = (slot.delaySum + SLOT_PRIOR_FLIGHTS * prior) / (slot.count + SLOT_PRIOR_FLIGHTS);
    rows[at++] = Math.log1p(slot.count);
    rows[at++] = slot.count / TIMETABLE_DAYS;
    rows[at++] = slot.expectedEarlier;
    rows[at++] = slot.expectedEarlier - actual.count;
  }
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
