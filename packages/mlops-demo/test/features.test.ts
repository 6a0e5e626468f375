import { beforeAll, describe, expect, test } from 'vitest';
import { countOf, departureAt, landedAt, landingAt, take } from '../src/data/columns.js';
import type { FlightColumns } from '../src/data/columns.js';
import { computeFeatures } from '../src/features.js';
import { FlightFeatures } from '../src/features/flight-features.js';
import { FEATURE_COUNT, FEATURE_NAMES } from '../src/features/names.js';
import { departureOf, landingOf } from '../src/flights.js';
import type { FlightEvent } from '../src/flights.js';
import { eventsInOrder, packHistory, unpackHistory, warmFeatures } from '../src/registry/history.js';
import { seedRandom } from '../src/seeded-random.js';
import { sdfFlights } from './sdf.js';

let flights: FlightColumns;
beforeAll(async () => {
  flights = await sdfFlights();
});

/** The row that the offline pass computes for one flight. */
function offlineRow(of: FlightColumns, position: number): Float32Array {
  return computeFeatures(of, { train: Uint32Array.of(position), tests: [], because: '' }).train.rows;
}

function first(count: number): Uint32Array {
  return Uint32Array.from({ length: count }, (_, position) => position);
}

describe('the features of a flight', () => {
  test('are the same offline and online, for 4,000 real flights fed as events one by one', () => {
    const start = take(flights, first(4000));
    const offline = computeFeatures(start, { train: first(4000), tests: [], because: '' }).train.rows;
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

  test('do not change when all later events are removed and all open outcomes are falsified', () => {
    const random = seedRandom(7);
    for (let trial = 0; trial < 25; trial++) {
      const position = 2000 + Math.floor(random() * (countOf(flights) - 2000));
      const { utcMinutes: now } = departureAt(flights, position);
      const past = take(flights, first(position + 1));
      for (let i = 0; i <= position; i++) if (landedAt(past, i) >= now) past.delayMinutes[i] = 1000;
      expect(offlineRow(past, position)).toEqual(offlineRow(flights, position));
    }
  });

  test('do change when the past changes: the test above is able to fail', () => {
    const position = 10_000;
    const past = take(flights, first(position + 1));
    past.delayMinutes.fill(60);
    expect(offlineRow(past, position)).not.toEqual(offlineRow(flights, position));
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
