/**
 * Flights as columns: one typed array per attribute, one index per flight. Three million flights fit in 60 MB.
 *
 * in:  rows of the file
 * out: RawFlights (as read, local time, anything may be wrong) → FlightColumns (clean, in order of departure, UTC beside local)
 */
import { landedUtcMinutes } from '../flights.js';
import type { DepartureMinutes, LandingMinutes } from '../flights.js';

/** A number that the file did not hold. */
export const MISSING = -(2 ** 31);

/** Flights as read. Numbers may be MISSING; airports index `codes`. */
export interface RawFlights {
  /** Which file, and which days of it. */
  source: string;
  codes: readonly string[];
  origins: Int32Array;
  destinations: Int32Array;
  localMinutes: Int32Array;
  distanceMiles: Int32Array;
  delayMinutes: Int32Array;
}

/** Clean flights in order of departure (UTC). */
export interface FlightColumns {
  codes: readonly string[];
  origins: Uint16Array;
  destinations: Uint16Array;
  utcMinutes: Int32Array;
  localMinutes: Int32Array;
  distanceMiles: Int32Array;
  delayMinutes: Int32Array;
}

/** How many flights there are. */
export function countOf(flights: FlightColumns | RawFlights): number {
  return flights.localMinutes.length;
}

/** One departure. */
export function departureAt(flights: FlightColumns, index: number): DepartureMinutes {
  return {
    origin: flights.codes[flights.origins[index]!]!,
    destination: flights.codes[flights.destinations[index]!]!,
    utcMinutes: flights.utcMinutes[index]!,
    localMinutes: flights.localMinutes[index]!,
    distanceMiles: flights.distanceMiles[index]!,
  };
}

/** The minute from which one flight's delay is known. */
export function landedAt(flights: FlightColumns, index: number): number {
  return landedUtcMinutes(
    flights.utcMinutes[index]!,
    flights.distanceMiles[index]!,
    flights.delayMinutes[index]!,
  );
}

/** One flight with its outcome. Written out, not spread: this runs three million times. */
export function landingAt(flights: FlightColumns, index: number): LandingMinutes {
  return {
    origin: flights.codes[flights.origins[index]!]!,
    destination: flights.codes[flights.destinations[index]!]!,
    utcMinutes: flights.utcMinutes[index]!,
    localMinutes: flights.localMinutes[index]!,
    distanceMiles: flights.distanceMiles[index]!,
    landedUtcMinutes: landedAt(flights, index),
    delayMinutes: flights.delayMinutes[index]!,
  };
}

/** The flights at these positions, in this order. */
export function take(flights: FlightColumns, positions: Uint32Array): FlightColumns {
  const pick = <T extends Uint16Array | Int32Array>(from: T, to: T): T => {
    for (let i = 0; i < positions.length; i++) to[i] = from[positions[i]!]!;
    return to;
  };
  const count = positions.length;
  return {
    codes: flights.codes,
    origins: pick(flights.origins, new Uint16Array(count)),
    destinations: pick(flights.destinations, new Uint16Array(count)),
    utcMinutes: pick(flights.utcMinutes, new Int32Array(count)),
    localMinutes: pick(flights.localMinutes, new Int32Array(count)),
    distanceMiles: pick(flights.distanceMiles, new Int32Array(count)),
    delayMinutes: pick(flights.delayMinutes, new Int32Array(count)),
  };
}
