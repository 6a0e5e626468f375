/**
 * The last flights before a model's cut, as `history.csv.gz`: from them a server learns what just happened and the timetable.
 *
 * in:  LandingMinutes[] in order of departure
 * out: gzip of `origin,destination,departedAt,distanceMiles,delayMinutes` lines, and back
 *
 * Rule: flights are kept, not features. The server replays them through `FlightFeatures`, the same class as ever, so there is
 * no second format of state that could go stale when a feature changes.
 *
 * Source: the replay of an event log, M. Kleppmann, "Designing Data-Intensive Applications" (2017), ch. 11.
 *
 * Example: the model of January → 244,529 flights in 2,276,190 bytes
 */
import { gunzipSync, gzipSync } from 'node:zlib';
import type { FlightFeatures } from '../features/flight-features.js';
import { departureMinutes, isoWithOffset, landedUtcMinutes } from '../flights.js';
import type { DepartureMinutes, LandingMinutes } from '../flights.js';

const HEADER = 'origin,destination,departedAt,distanceMiles,delayMinutes';
/** 14 days for the learned timetable, one for the windows. */
export const HISTORY_DAYS = 15;

/** A megabyte of text: a quarter of a million lines as strings would take a hundred. */
const LINES_PER_PART = 20_000;

/** Packs flights. */
export function packHistory(flights: Iterable<LandingMinutes>): Uint8Array {
  const parts: Buffer[] = [];
  let lines = [HEADER];
  for (const flight of flights) {
    const departedAt = isoWithOffset(flight.utcMinutes, flight.localMinutes - flight.utcMinutes);
    lines.push(
      `\n${flight.origin},${flight.destination},${departedAt},${flight.distanceMiles},${flight.delayMinutes}`,
    );
    if (lines.length < LINES_PER_PART) continue;
    parts.push(Buffer.from(lines.join('')));
    lines = [];
  }
  return gzipSync(Buffer.concat([...parts, Buffer.from(lines.join(''))]));
}

/** Unpacks them, with the minute from which each delay is known. */
export function unpackHistory(packed: Uint8Array): LandingMinutes[] {
  const [header, ...lines] = gunzipSync(packed).toString('utf8').split('\n');
  if (header !== HEADER)
    throw new Error(`unpackHistory: expected the header '${HEADER}', got '${header ?? ''}'`);
  return lines.map((line) => {
    const [origin = '', destination = '', departedAt = '', distance, delay] = line.split(',');
    const distanceMiles = Number(distance);
    const delayMinutes = Number(delay);
    const flight = departureMinutes({ flightId: '', origin, destination, departedAt, distanceMiles });
    return {
      ...flight,
      delayMinutes,
      landedUtcMinutes: landedUtcMinutes(flight.utcMinutes, distanceMiles, delayMinutes),
    };
  });
}

/** A step of the past in numbers. */
export type MinuteEvent =
  { type: 'departed'; flight: DepartureMinutes } | { type: 'landed'; flight: LandingMinutes };

/**
 * Departures and landings in the order in which the world learned of them. Within a minute departures come first: what
 * becomes known in a minute counts from the next one on.
 *
 * @param flights in order of departure
 */
export function* eventsInOrder(flights: readonly LandingMinutes[]): Generator<MinuteEvent> {
  const landings = flights.toSorted((a, b) => a.landedUtcMinutes - b.landedUtcMinutes);
  let landed = 0;
  for (const flight of flights) {
    for (; landings[landed]!.landedUtcMinutes < flight.utcMinutes; landed++) {
      yield { type: 'landed', flight: landings[landed]! };
    }
    yield { type: 'departed', flight };
  }
  for (; landed < landings.length; landed++) yield { type: 'landed', flight: landings[landed]! };
}

/** Replays past flights through the features. */
export function warmFeatures(features: FlightFeatures, history: readonly LandingMinutes[]): void {
  for (const event of eventsInOrder(history)) {
    if (event.type === 'departed') features.departed(event.flight);
    else features.landed(event.flight);
  }
}
