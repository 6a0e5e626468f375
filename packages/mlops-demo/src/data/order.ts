/**
 * Brings flights into order of departure in UTC: local days of many zones become one stream of time.
 *
 * Rule: counting sort by minute. It keeps the order of rows within a minute, so the same rows always give the same columns.
 */
import type { FlightColumns, RawFlights } from './columns.js';

/** Clean flights: the rows at `positions` with their UTC minutes, in order of departure. Of each column there is one copy, and no more. */
export function inOrderOfDeparture(
  raw: RawFlights,
  positions: Uint32Array,
  utcMinutes: Int32Array,
): FlightColumns {
  const order = orderByMinute(utcMinutes);
  const inOrder = <T extends Uint16Array | Int32Array>(to: T, from: Int32Array): T => {
    for (let i = 0; i < order.length; i++) to[i] = from[positions[order[i]!]!]!;
    return to;
  };
  const count = positions.length;
  return withOccurringAirports({
    codes: raw.codes,
    origins: inOrder(new Uint16Array(count), raw.origins),
    destinations: inOrder(new Uint16Array(count), raw.destinations),
    utcMinutes: utcMinutes.map((_, i) => utcMinutes[order[i]!]!),
    localMinutes: inOrder(new Int32Array(count), raw.localMinutes),
    distanceMiles: inOrder(new Int32Array(count), raw.distanceMiles),
    delayMinutes: inOrder(new Int32Array(count), raw.delayMinutes),
  });
}

/** The same flights, renumbered in place, whatever other airports the file knows: without those that do not occur. */
function withOccurringAirports(flights: FlightColumns): FlightColumns {
  const { codes, origins, destinations } = flights;
  const occurs = new Uint8Array(codes.length);
  for (const column of [origins, destinations]) for (const code of column) occurs[code] = 1;
  const occurring = codes.filter((_, code) => occurs[code] === 1);
  const place = Uint16Array.from(codes, (code) => Math.max(occurring.indexOf(code), 0));
  for (const column of [origins, destinations])
    for (let i = 0; i < column.length; i++) column[i] = place[column[i]!]!;
  return { ...flights, codes: occurring };
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
