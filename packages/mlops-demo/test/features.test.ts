import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { countOf, departureAt, landedAt, landingAt, take } from '../src/data/columns.js';
import type { FlightColumns } from '../src/data/columns.js';
import { computeFeatures } from '../src/features.js';
import { streamFeatures } from '../src/features/event-pass.js';
import { FlightFeatures } from '../src/features/flight-features.js';
import { fitTimetable } from '../src/features/fit-timetable.js';
import { FEATURE_COUNT, FEATURE_NAMES } from '../src/features/names.js';
import { TIMETABLE_KINDS, timetableDay } from '../src/features/timetable-choice.js';
import type { TimetableKind } from '../src/features/timetable-choice.js';
import { dayOf, departureOf, landingOf } from '../src/flights.js';
import type { FlightEvent } from '../src/flights.js';
import { eventsInOrder, packHistory, unpackHistory, warmFeatures } from '../src/registry/history.js';
import { SDF_PLAN, sdfFlights } from './sdf.js';

/** The first day after training. */
const TRAINED = timetableDay(SDF_PLAN);

let flights: FlightColumns;
beforeAll(async () => {
  flights = await sdfFlights();
});

/** The rows that the offline pass computes for these flights, once as flights that teach and once as flights that examine. */
function rowsOf(of: FlightColumns, positions: Uint32Array, timetable: TimetableKind) {
  const tests = [{ period: 'the same', rows: positions }];
  const features = computeFeatures(of, { train: positions, tests, because: '' }, { ...SDF_PLAN, timetable });
  return { teaching: features.train.rows, examining: features.tests[0]?.rows ?? new Float32Array() };
}

const rowAt = (rows: Float32Array, index: number): Float32Array =>
  rows.slice(index * FEATURE_COUNT, (index + 1) * FEATURE_COUNT);

/** The flights that had left when this one did, with every outcome wrong that was still open. */
function falsifiedPast(position: number): FlightColumns {
  const { utcMinutes: now } = departureAt(flights, position);
  const past = take(flights, first(position + 1));
  for (let i = 0; i <= position; i++) if (landedAt(past, i) >= now) past.delayMinutes[i] = 1000;
  return past;
}

function first(count: number): Uint32Array {
  return Uint32Array.from({ length: count }, (_, position) => position);
}

describe('the features of a flight', () => {
  test('are the same offline and online, for 4,000 real flights fed as events one by one', () => {
    const start = take(flights, first(4000));
    const split = { train: first(4000), tests: [], because: '' };
    const offline = computeFeatures(start, split, SDF_PLAN).train.rows;
    const landings = Array.from({ length: 4000 }, (_, position) => landingAt(start, position));
    const online = new FlightFeatures();
    const rows: number[] = [];
    for (const event of eventsInOrder(landings)) {
      const told: FlightEvent =
        event.type === 'departed'
          ? { type: 'departed', ...departureOf(event.flight) }
          : { type: 'landed', ...landingOf(event.flight) };
      if (told.type === 'landed') online.landed(told);
      else {
        rows.push(...online.featuresOf(told));
        online.departed(told);
      }
    }
    expect(rows).toHaveLength(4000 * FEATURE_COUNT);
    expect(Float32Array.from(rows)).toEqual(offline);
  });

  describe.each(TIMETABLE_KINDS)('with a %s timetable', (kind) => {
    test('do not change when all later events are removed and all open outcomes are falsified', () => {
      const all = rowsOf(flights, first(countOf(flights)), kind);
      const firstAfterTraining = flights.localMinutes.findIndex((minute) => dayOf(minute) >= TRAINED);
      fc.assert(
        fc.property(fc.integer({ min: 2000, max: countOf(flights) - 1 }), (position) => {
          const row = rowsOf(falsifiedPast(position), Uint32Array.of(position), kind);
          // Nobody is examined before the cut, where the table would be of the future.
          const examined = position >= firstAfterTraining;
          const found = examined ? [row.teaching, row.examining] : [row.teaching];
          const tables = examined ? [all.teaching, all.examining] : [all.teaching];
          expect(found).toEqual(tables.map((rows) => rowAt(rows, position)));
        }),
        { numRuns: 25, seed: 7, examples: [[firstAfterTraining], [firstAfterTraining + 1]] },
      );
    });

    test('do change when the past changes: the test above is able to fail', () => {
      const position = Uint32Array.of(10_000);
      const past = take(flights, first(10_001));
      past.delayMinutes.fill(60);
      expect(rowsOf(past, position, kind).teaching).not.toEqual(rowsOf(flights, position, kind).teaching);
    });
  });

  test('are read from a frozen timetable for good, whatever lands later', () => {
    const before = flights.localMinutes.findIndex((minute) => dayOf(minute) >= TRAINED);
    const history = Array.from({ length: before }, (_, position) => landingAt(flights, position));
    const world = new FlightFeatures();
    warmFeatures(world, history);
    const frozen = world.withTimetable(fitTimetable(flights, TRAINED));
    const next = departureAt(flights, before);
    const departure = {
      ...next,
      utcMinutes: next.utcMinutes + 43_200,
      localMinutes: next.localMinutes + 43_200,
    };
    expect(frozen.hasSlotHistory(departure)).toBe(true);
    expect(world.hasSlotHistory(departure)).toBe(false);
    expect(frozen.hasSlotHistory({ ...departure, destination: 'XXX' })).toBe(false);
  });

  test('do not change by being asked for, even about next year and unknown airports', () => {
    const landings = Array.from({ length: 500 }, (_, position) => landingAt(flights, position));
    const features = new FlightFeatures();
    warmFeatures(features, landings);
    const flight = departureAt(flights, 500);
    const before = features.featuresOf(flight);
    features.featuresOf({ ...flight, utcMinutes: flight.utcMinutes + 525_600 });
    features.featuresOf({ ...flight, origin: 'XXX', destination: 'YYY' });
    expect(features.featuresOf(flight)).toEqual(before);
  });

  test('of an unknown route are finite: the clock, and the means of the system', () => {
    const row = new FlightFeatures().featuresOf({
      flightId: 'X',
      origin: 'XXX',
      destination: 'YYY',
      departedAt: '2001-02-01T08:15:00-05:00',
      distanceMiles: 0,
    });
    expect([...row].every(Number.isFinite)).toBe(true);
  });

  test('say what day it is: 1 February 2001 was a Thursday', () => {
    const row = new FlightFeatures().featuresOf({
      flightId: 'X',
      origin: 'ATL',
      destination: 'SAV',
      departedAt: '2001-02-01T08:15:00-05:00',
      distanceMiles: 215,
    });
    const named = Object.fromEntries(FEATURE_NAMES.map((name, i) => [name, row[i]]));
    expect(named).toMatchObject({ Thursday: 1, Friday: 0, 'on a multiple of 5 minutes': 1 });
    expect(named['log distance']).toBeCloseTo(Math.log(215), 6);
  });
});

test('a packed history unpacks to the same flights', () => {
  const landings = Array.from({ length: 300 }, (_, position) => landingAt(flights, position));
  expect(unpackHistory(packHistory(landings))).toEqual(landings);
});

test.each([
  ['twice', [3, 3, 5], 'got stuck at 1 of 3, flight 3'],
  ['out of order', [5, 3], 'got stuck at 1 of 2, flight 3'],
])('a flight that is wanted %s is refused: its row would never come', (_how, positions, stuck) => {
  const wanted = {
    positions: Uint32Array.from(positions),
    timetableFor: () => undefined,
    write: () => undefined,
  };
  expect(() => streamFeatures(take(flights, first(10)), [wanted])).toThrow(
    `streamFeatures: expected each flight once, in order of departure, ${stuck}`,
  );
});
