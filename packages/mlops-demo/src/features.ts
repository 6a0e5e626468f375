/**
 * Stage 5, features: one pass over all events, and the 27 inputs of the flights that teach or examine.
 *
 * in:  FlightColumns, Split → out: a FeatureTable for training and one for each test period
 *
 * Rule: departures and landings pass in the order in which the world learned of them, through the same `FlightFeatures`
 * that the server uses. A flight's row is computed before its own departure is taken in. Which timetable a row reads, is said in
 * features/timetable-choice.ts.
 *
 * When it misleads: a label that arrives too early looks like a better model. AUC above .89 on this data means a leak.
 *
 * Example: the row of a flight does not change when all later events are removed (test/features.test.ts).
 */
import { countOf, departureAt, landedAt, landingAt } from './data/columns.js';
import type { FlightColumns } from './data/columns.js';
import { orderByMinute } from './data/order.js';
import { FlightFeatures } from './features/flight-features.js';
import { FEATURE_COUNT } from './features/names.js';
import { timetableForTests, timetableForTraining } from './features/timetable-choice.js';
import type { TimetableFor, TimetablePlan } from './features/timetable-choice.js';
import { dayOf, LATE_MINUTES } from './flights.js';
import type { Split } from './split.js';

/** Inputs and labels, and which flights they belong to. */
export interface FeatureTable {
  positions: Uint32Array;
  /** FEATURE_COUNT numbers a flight, one flight after the other. */
  rows: Float32Array;
  /** 1: late by 15 minutes or more. */
  labels: Uint8Array;
  /** The local day of departure, counted from 1970. */
  days: Uint16Array;
}

/** The tables of a run. */
export interface Features {
  train: FeatureTable;
  tests: (FeatureTable & { period: string })[];
  because: string;
}

/** Told how far a long stage has come. */
export type Progress = (done: number, total: number) => void;

const FLIGHTS_PER_REPORT = 25_000;
/** Under a megabyte. */
const ROWS_PER_STRETCH = 8192;

/** Computes the rows of the split. */
export function computeFeatures(
  flights: FlightColumns,
  split: Split,
  plan: TimetablePlan,
  progress?: Progress,
): Features {
  const train = emptyTable(flights, split.train);
  const tests = split.tests.map(({ period, rows }) => ({ period, ...emptyTable(flights, rows) }));
  // Days are disjoint, but a plan may name a day twice: a flight then has a row in each table.
  const forTraining = timetableForTraining(flights, plan);
  const forTests = timetableForTests(flights, plan);
  const writers = [train, ...tests].map((table, index) => ({
    table,
    timetableFor: index === 0 ? forTraining : forTests,
    next: 0,
  }));
  passOverEvents(flights, progress, (features, position) => {
    for (const writer of writers) {
      const { positions, rows } = writer.table;
      if (positions[writer.next] !== position) continue;
      features
        .withTimetable(writer.timetableFor(position))
        .writeFeatures(departureAt(flights, position), rows, writer.next++ * FEATURE_COUNT);
    }
  });
  const rows = writers.reduce((sum, { next }) => sum + next, 0).toLocaleString('en-US');
  const events = (countOf(flights) * 2).toLocaleString('en-US');
  return {
    train,
    tests,
    because: `${rows} rows of ${FEATURE_COUNT} inputs from one pass over ${events} events`,
  };
}

/** The rows of some flights, a few thousand at a time: nothing is kept. A stretch is only valid until `write` returns. */
export function streamFeatures(
  flights: FlightColumns,
  wanted: { positions: Uint32Array; timetableFor: TimetableFor; write: (stretch: FeatureTable) => void }[],
): void {
  const writers = wanted.map((one) => {
    const buffer = new Float32Array(ROWS_PER_STRETCH * FEATURE_COUNT);
    return { ...one, buffer, from: 0, next: 0, stretch: stretchAt(flights, one.positions, 0, buffer) };
  });
  passOverEvents(flights, undefined, (features, position) => {
    for (const writer of writers) {
      const { stretch } = writer;
      if (stretch.positions[writer.next] !== position) continue;
      features
        .withTimetable(writer.timetableFor(position))
        .writeFeatures(departureAt(flights, position), stretch.rows, writer.next++ * FEATURE_COUNT);
      if (writer.next < stretch.positions.length) continue;
      writer.write(stretch);
      writer.from += writer.next;
      writer.next = 0;
      writer.stretch = stretchAt(flights, writer.positions, writer.from, writer.buffer);
    }
  });
}

function stretchAt(
  flights: FlightColumns,
  positions: Uint32Array,
  from: number,
  buffer: Float32Array,
): FeatureTable {
  const some = positions.subarray(from, from + ROWS_PER_STRETCH);
  return { ...labelled(flights, some), rows: buffer.subarray(0, some.length * FEATURE_COUNT) };
}

/** Plays the flights in order and shows each one, before it departs, to `visit`. */
function passOverEvents(
  flights: FlightColumns,
  progress: Progress | undefined,
  visit: (features: FlightFeatures, position: number) => void,
): void {
  const features = new FlightFeatures();
  const count = countOf(flights);
  const landedMinutes = flights.utcMinutes.map((_, position) => landedAt(flights, position));
  const landings = orderByMinute(landedMinutes);
  let landed = 0;
  for (let position = 0; position < count; position++) {
    const now = flights.utcMinutes[position]!;
    for (; landedMinutes[landings[landed]!]! < now; landed++) {
      features.landed(landingAt(flights, landings[landed]!));
    }
    visit(features, position);
    features.departed(departureAt(flights, position));
    if (progress && position % FLIGHTS_PER_REPORT === 0) progress(position, count);
  }
}

function emptyTable(flights: FlightColumns, positions: Uint32Array): FeatureTable {
  return { ...labelled(flights, positions), rows: new Float32Array(positions.length * FEATURE_COUNT) };
}

/** What one knows of flights without a pass over the events. */
export function labelled(flights: FlightColumns, positions: Uint32Array): Omit<FeatureTable, 'rows'> {
  const labels = new Uint8Array(positions.length);
  for (const [row, position] of positions.entries()) {
    labels[row] = flights.delayMinutes[position]! >= LATE_MINUTES ? 1 : 0;
  }
  const days = Uint16Array.from(positions, (position) => dayOf(flights.localMinutes[position]!));
  return { positions, labels, days };
}
