/**
 * A flight, as the services speak of it and as the model computes with it.
 *
 * in:  {"departedAt": "2001-02-01T08:15:00-05:00", …} (an instant with the origin's local offset)
 * out: utcMinutes 16350555, localMinutes 16350255 (minutes since 1970 on two clocks: the world's and the origin's)
 *
 * Rule: everything causal (what happened before what) uses `utcMinutes`; everything that follows people's habits
 * (time of day, weekday, timetable) uses `localMinutes`.
 *
 * When it misleads: `departedAt` is the actual departure. The data hold no schedule.
 */

/** A departure, as it stands in a request. */
export interface Departure {
  flightId: string;
  origin: string;
  destination: string;
  /** ISO 8601 with the origin's local offset. */
  departedAt: string;
  distanceMiles: number;
}

/** A flight that has landed: its departure and what became of it. */
export interface Landing extends Departure {
  /** ISO 8601. From this moment on the delay is known. */
  landedAt: string;
  /** Arrival delay in minutes, negative when early. */
  delayMinutes: number;
}

/** What happens to flights, in the order in which the world learns of it. */
export type FlightEvent = ({ type: 'departed' } & Departure) | ({ type: 'landed' } & Landing);

/** A departure in numbers. */
export interface DepartureMinutes {
  origin: string;
  destination: string;
  utcMinutes: number;
  localMinutes: number;
  distanceMiles: number;
}

/** A landing in numbers. */
export interface LandingMinutes extends DepartureMinutes {
  landedUtcMinutes: number;
  delayMinutes: number;
}

/** A flight that is called late arrives 15 minutes or more after its schedule (the DOT's own limit). */
export const LATE_MINUTES = 15;

const MINUTES_PER_DAY = 1440;
const MS_PER_MINUTE = 60_000;
const ISO_WITH_OFFSET = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(Z|[+-]\d{2}:\d{2})$/;

/** The number form of a departure. Throws when `departedAt` is no instant with an offset. */
export function departureMinutes(departure: Departure): DepartureMinutes {
  const { origin, destination, distanceMiles } = departure;
  const utcMinutes = instantMinutes(departure.departedAt);
  const localMinutes = utcMinutes + offsetOf(departure.departedAt);
  return { origin, destination, utcMinutes, localMinutes, distanceMiles };
}

/** The number form of a landing. */
export function landingMinutes(landing: Landing): LandingMinutes {
  return {
    ...departureMinutes(landing),
    landedUtcMinutes: instantMinutes(landing.landedAt),
    delayMinutes: landing.delayMinutes,
  };
}

/** The API form of a departure, named by `flightIdOf`. */
export function departureOf(flight: DepartureMinutes, occurrence = 1): Departure {
  const { origin, destination, distanceMiles } = flight;
  const departedAt = isoWithOffset(flight.utcMinutes, flight.localMinutes - flight.utcMinutes);
  return {
    flightId: flightIdOf({ origin, destination, departedAt }, occurrence),
    origin,
    destination,
    departedAt,
    distanceMiles,
  };
}

/** The API form of a landing. `landedAt` keeps the origin's offset. */
export function landingOf(flight: LandingMinutes, occurrence = 1): Landing {
  const offset = flight.localMinutes - flight.utcMinutes;
  return {
    ...departureOf(flight, occurrence),
    landedAt: isoWithOffset(flight.landedUtcMinutes, offset),
    delayMinutes: flight.delayMinutes,
  };
}

/**
 * A flight's name: route and local minute, for example `ATL-SAV-20010201T0815`. The data hold no flight numbers, so
 * the second flight of the same route in the same minute is told apart by `occurrence`: `ATL-SAV-20010201T0815-2`.
 */
export function flightIdOf(
  flight: Pick<Departure, 'origin' | 'destination' | 'departedAt'>,
  occurrence = 1,
): string {
  const minute = flight.departedAt.slice(0, 16).replace(/[-:]/g, '');
  const name = `${flight.origin}-${flight.destination}-${minute}`;
  return occurrence === 1 ? name : `${name}-${occurrence}`;
}

/**
 * The minute from which a flight's delay can be known, where the data do not say it (they hold no landing time):
 * 30 minutes of taxiing, the distance at 500 mph, and the delay itself. FLIGHTS table, "Label lag".
 */
export function landedUtcMinutes(utcMinutes: number, distanceMiles: number, delayMinutes: number): number {
  const taxiMinutes = 30;
  const milesPerMinute = 500 / 60;
  return utcMinutes + taxiMinutes + Math.round(distanceMiles / milesPerMinute) + Math.max(delayMinutes, 0);
}

/** The local day a minute falls on, counted from 1970-01-01. */
export function dayOf(minutes: number): number {
  return Math.floor(minutes / MINUTES_PER_DAY);
}

/** The minute of its day, 0 to 1439. */
export function minuteOfDay(minutes: number): number {
  return minutes - dayOf(minutes) * MINUTES_PER_DAY;
}

/** The day number of a calendar date: `dayNumber('2001-02-01')` is 11354. */
export function dayNumber(date: string): number {
  const day = Date.parse(`${date}T00:00:00Z`) / (MS_PER_MINUTE * MINUTES_PER_DAY);
  if (!/^\d{4}-\d{2}-\d{2}$/.test(date) || Number.isNaN(day)) {
    throw new RangeError(`dayNumber: expected a date like 2001-01-31, got '${date}'`);
  }
  return day;
}

/** The calendar date of a day number. */
export function dateOf(day: number): string {
  return new Date(day * MINUTES_PER_DAY * MS_PER_MINUTE).toISOString().slice(0, 10);
}

/** An instant and an offset in minutes as text: `2001-02-01T08:15:00-05:00`. */
export function isoWithOffset(utcMinutes: number, offsetMinutes: number): string {
  const local = new Date((utcMinutes + offsetMinutes) * MS_PER_MINUTE).toISOString().slice(0, 19);
  const size = Math.abs(offsetMinutes);
  const hours = String(Math.floor(size / 60)).padStart(2, '0');
  const minutes = String(size % 60).padStart(2, '0');
  return `${local}${offsetMinutes < 0 ? '-' : '+'}${hours}:${minutes}`;
}

function instantMinutes(iso: string): number {
  const ms = Date.parse(iso);
  if (Number.isNaN(ms)) throw new RangeError(`instantMinutes: expected an ISO 8601 instant, got '${iso}'`);
  return Math.floor(ms / MS_PER_MINUTE);
}

function offsetOf(iso: string): number {
  const offset = ISO_WITH_OFFSET.exec(iso)?.[1];
  if (offset === undefined) {
    throw new RangeError(`offsetOf: expected an instant like 2001-02-01T08:15:00-05:00, got '${iso}'`);
  }
  if (offset === 'Z') return 0;
  const minutes = Number(offset.slice(1, 3)) * 60 + Number(offset.slice(4, 6));
  return offset.startsWith('-') ? -minutes : minutes;
}
