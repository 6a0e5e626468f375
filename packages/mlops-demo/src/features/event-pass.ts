/**
 * One pass over all events: departures and landings in the order in which the world learned of them.
 *
 * in:  FlightColumns, and which flights a row is wanted of → out: their rows, a few thousand at a time; none is kept
 *
 * Rule: a flight's row is computed before its own departure is taken in, by the same `FlightFeatures` that the server uses.
 *
 * When it misleads: a stretch of rows is only valid until `write` returns; the next one overwrites it.
 */
import { countOf, departureAt, landedAt, landingAt } from '../data/columns.js';
import type { FlightColumns } from '../data/columns.js';
import { FlightFeatures } from './flight-features.js';
import { FlightsInTheAir } from './flights-in-the-air.js';
import { FEATURE_COUNT } from './names.js';
import type { TimetableFor } from './timetable-choice.js';

/** Told how far a long stage has come. */
export type Progress = (done: number, total: number) => void;

/** Flights whose rows are wanted, each once, in order of departure. */
export interface WantedRows {
  positions: Uint32Array;
  timetableFor: TimetableFor;
  /** Takes some rows, FEATURE_COUNT numbers each. */
  write: (rows: Float32Array) => void;
}

const FLIGHTS_PER_REPORT = 25_000;
/** Under a megabyte. */
const ROWS_PER_STRETCH = 8192;

/**
 * Plays the flights and hands over the rows that are wanted.
 *
 * @throws RangeError when a position comes twice, or out of order: its row would never come
 */
export function streamFeatures(
  flights: FlightColumns,
  wanted: readonly WantedRows[],
  progress?: Progress,
): void {
  const writers = wanted.map((one) => ({
    ...one,
    buffer: new Float32Array(ROWS_PER_STRETCH * FEATURE_COUNT),
    next: 0,
    filled: 0,
  }));
  passOverEvents(flights, progress, (features, position) => {
    // Days are disjoint, but a plan may name a day twice: a flight then has a row for each.
    for (const writer of writers) {
      if (writer.positions[writer.next] !== position) continue;
      features
        .withTimetable(writer.timetableFor(position))
        .writeFeatures(departureAt(flights, position), writer.buffer, writer.filled++ * FEATURE_COUNT);
      writer.next++;
      if (writer.filled < ROWS_PER_STRETCH && writer.next < writer.positions.length) continue;
      writer.write(writer.buffer.subarray(0, writer.filled * FEATURE_COUNT));
      writer.filled = 0;
    }
  });
  for (const { positions, next } of writers) {
    if (next < positions.length)
      throw new RangeError(
        `streamFeatures: expected each flight once, in order of departure, got stuck at ${next} of ${positions.length}, flight ${positions[next]}`,
      );
  }
}

/** Plays the flights in order and shows each one, before it departs, to `visit`. */
function passOverEvents(
  flights: FlightColumns,
  progress: Progress | undefined,
  visit: (features: FlightFeatures, position: number) => void,
): void {
  const features = new FlightFeatures();
  const count = countOf(flights);
  const inTheAir = new FlightsInTheAir(flights.utcMinutes[0] ?? 0);
  for (let position = 0; position < count; position++) {
    const now = flights.utcMinutes[position]!;
    for (const landed of inTheAir.landedBefore(now)) features.landed(landingAt(flights, landed));
    visit(features, position);
    features.departed(departureAt(flights, position));
    inTheAir.add(landedAt(flights, position), position);
    if (progress && position % FLIGHTS_PER_REPORT === 0) progress(position, count);
  }
}
