/**
 * Brings flights into order of departure in UTC: local days of many zones become one stream of time.
 *
 * Rule: counting sort by minute. It keeps the order of rows within a minute, so the same rows always give the same columns.
 */
import type { FlightColumns, RawFlights } from './columns.js';
import { take } from './columns.js';

/** Clean flights: the rows at `positions` with their UTC minutes, in order of departure. */
export function inOrderOfDeparture(
  raw: RawFlights,
  positions: Uint32Array,
  utcMinutes: Int32Array,
): FlightColumns {
  const order = orderByMinute(utcMinutes);
  const rows = positions.map((_, i) => positions[order[i]!]!);
  const { codes, localMinutes, distanceMiles, delayMinutes } = raw;
  const origins = Uint16Array.from(raw.origins);
  const destinations = Uint16Array.from(raw.destinations);
  const unordered = { codes, origins, destinations, localMinutes, distanceMiles, delayMinutes };
  const flights = take({ ...unordered, utcMinutes: localMinutes }, rows);
  return withOccurringAirports({ ...flights, utcMinutes: utcMinutes.map((_, i) => utcMinutes[order[i]!]!) });
}

/** The same flights, whatever other airports the file knows: without those that do not occur. */
function withOccurringAirports(flights: FlightColumns): FlightColumns {
  const { codes, origins, destinations } = flights;
  const occurs = new Uint8Array(codes.length);
  for (const column of [origins, destinations]) for (const code of column) occurs[code] = 1;
  const occurring = codes.filter((_, code) => occurs[code] === 1);
  const place = Uint16Array.from(codes, (code) => Math.max(occurring.indexOf(code), 0));
  const renumbered = (column: Uint16Array): Uint16Array => column.map((code) => place[code]!);
  return {
    ...flights,
    codes: occurring,
    origins: renumbered(origins),
    destinations: renumbered(destinations),
  };
}

/** Positions in order of their minute; equal minutes keep their order. */
export function orderByMinute(minutes: Int32Array): Uint32Array {
  if (minutes.length === 0) return new Uint32Array(0);
  let first = minutes[0]!;
  let last = first;
  for (const minute of minutes) {
    if (minute < first) first = minute;
    if (minute > last) last = minute;
  }
  const next = new Uint32Array(last - first + 2);
  for (const minute of minutes) next[minute - first + 1]!++;
  for (let i = 1; i < next.length; i++) next[i]! += next[i - 1]!;
  const order = new Uint32Array(minutes.length);
  for (let position = 0; position < minutes.length; position++) {
    order[next[minutes[position]! - first]!++] = position;
  }
  return order;
}
