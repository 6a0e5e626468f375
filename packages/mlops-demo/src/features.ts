/**
 * Stage 5, features: one pass over all events, and the 27 inputs of the flights that teach or examine.
 *
 * in:  FlightColumns, Split, a place for rows → out: a table for training and one for each test period
 *
 * Rule: departures and landings pass in the order in which the world learned of them, through the same `FlightFeatures`
 * that the server uses (features/event-pass.ts). Which timetable a row reads, is said in features/timetable-choice.ts. A row is
 * 108 bytes, so a run writes its rows to disk (features/feature-file/store.ts); what is small stays in memory.
 *
 * When it misleads: a label that arrives too early looks like a better model. AUC above .89 on this data means a leak.
 *
 * Source: S. Kaufman, S. Rosset, C. Perlich, O. Stitelman, "Leakage in Data Mining" (2012).
 *
 * Example: the row of a flight does not change when all later events are removed (test/features.test.ts).
 */
import { countOf } from './data/columns.js';
import type { FlightColumns } from './data/columns.js';
import { streamFeatures } from './features/event-pass.js';
import type { Progress } from './features/event-pass.js';
import { FEATURE_COUNT } from './features/names.js';
import { timetableForTests, timetableForTraining } from './features/timetable-choice.js';
import type { TimetablePlan } from './features/timetable-choice.js';
import { dayOf, LATE_MINUTES } from './flights.js';
import type { Split } from './split.js';

/** The flights of a table, in order of departure. */
export interface TableFlights {
  positions: Uint32Array;
  /** 1: late by 15 minutes or more. */
  labels: Uint8Array;
  /** The local day of departure, counted from 1970. */
  days: Uint16Array;
}

/** A table in memory. */
export interface FeatureTable extends TableFlights {
  /** FEATURE_COUNT numbers a flight, one flight after the other. */
  rows: Float32Array;
}

/** The tables of a run, in memory or on disk. */
export interface FeaturesIn<Table> {
  train: Table;
  tests: (Table & { period: string })[];
  because: string;
}
export type Features = FeaturesIn<FeatureTable>;

/** A place for the rows of a table, which come a few thousand at a time. */
export type OpenTable<Table> = (
  name: string,
  flights: TableFlights,
) => { append(rows: Float32Array): void; close(): Table };

/** Computes the rows of the split and puts them where `open` says. */
export function writeFeatures<Table extends TableFlights>(
  flights: FlightColumns,
  split: Split,
  plan: TimetablePlan,
  open: OpenTable<Table>,
  progress?: Progress,
): FeaturesIn<Table> {
  const tableOf = (name: string, positions: Uint32Array) => open(name, labelled(flights, positions));
  const train = tableOf('train', split.train);
  const tests = split.tests.map(({ period, rows }, index) => ({
    period,
    positions: rows,
    table: tableOf(`test-${index + 1}`, rows),
  }));
  const timetableFor = timetableForTests(flights, plan);
  const wanted = [
    {
      positions: split.train,
      timetableFor: timetableForTraining(flights, plan),
      write: train.append.bind(train),
    },
    ...tests.map(({ positions, table }) => ({ positions, timetableFor, write: table.append.bind(table) })),
  ];
  streamFeatures(flights, wanted, progress);
  const rows = wanted.reduce((sum, { positions }) => sum + positions.length, 0).toLocaleString('en-US');
  const events = (countOf(flights) * 2).toLocaleString('en-US');
  return {
    train: train.close(),
    tests: tests.map(({ period, table }) => ({ period, ...table.close() })),
    because: `${rows} rows of ${FEATURE_COUNT} inputs from one pass over ${events} events`,
  };
}

/** The same with all rows in memory, for some ten thousand of them. */
export function computeFeatures(flights: FlightColumns, split: Split, plan: TimetablePlan): Features {
  return writeFeatures(flights, split, plan, (_name, of): ReturnType<OpenTable<FeatureTable>> => {
    const rows = new Float32Array(of.positions.length * FEATURE_COUNT);
    let filled = 0;
    return {
      append(some) {
        rows.set(some, filled);
        filled += some.length;
      },
      close: () => ({ ...of, rows }),
    };
  });
}

/** What one knows of flights without a pass over the events. */
export function labelled(flights: FlightColumns, positions: Uint32Array): TableFlights {
  const labels = new Uint8Array(positions.length);
  const days = new Uint16Array(positions.length);
  for (let row = 0; row < positions.length; row++) {
    labels[row] = flights.delayMinutes[positions[row]!]! >= LATE_MINUTES ? 1 : 0;
    days[row] = dayOf(flights.localMinutes[positions[row]!]!);
  }
  return { positions, labels, days };
}
