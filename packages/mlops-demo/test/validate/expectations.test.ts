import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { MISSING } from '../../src/data/columns.js';
import type { RawFlights } from '../../src/data/columns.js';
import { dayNumber } from '../../src/flights.js';
import { chancePsi, mostRows } from '../../src/validate/chance.js';
import { likelyDays } from '../../src/validate/days.js';
import { encodingCheck, lastLineCheck, schemaCheck } from '../../src/validate/file-checks.js';
import { greatCircleMiles } from '../../src/validate/great-circle.js';
import { mergeProfiles, profileOf, unseenSlots } from '../../src/validate/reference-profile.js';
import { readAirports } from '../../src/vega-datasets/store.js';

const airports = readAirports();

function rawOn(...localMinutes: number[]): RawFlights {
  const column = (value: number): Int32Array => new Int32Array(localMinutes.length).fill(value);
  return {
    source: 'a test',
    codes: ['ORD', 'SDF'],
    origins: column(1),
    destinations: column(0),
    localMinutes: Int32Array.from(localMinutes),
    distanceMiles: column(287),
    delayMinutes: column(0),
  };
}

const at = (day: string, hour = 12, minute = 0): number => dayNumber(day) * 1440 + hour * 60 + minute;
const all = (raw: RawFlights): Uint32Array =>
  raw.localMinutes.length === 0 ? new Uint32Array() : Uint32Array.from(raw.localMinutes.keys());

describe('the great circle', () => {
  // The distances that flights-3m states for these routes.
  test.each([
    ['JFK', 'LAX', 2475],
    ['ATL', 'MCO', 403],
    ['HNL', 'ORD', 4244],
  ])('from %s to %s is %i miles, to a hundredth', (from, to, miles) => {
    const found = greatCircleMiles(airports.get(from)!, airports.get(to)!);
    expect(Math.abs(found / miles - 1)).toBeLessThan(0.01);
  });

  test('is the same both ways, and nothing from a place to itself', () => {
    const place = fc.record({
      latitude: fc.double({ min: -90, max: 90, noNaN: true }),
      longitude: fc.double({ min: -180, max: 180, noNaN: true }),
    });
    fc.assert(
      fc.property(place, place, (a, b) => {
        expect(greatCircleMiles(a, b)).toBeCloseTo(greatCircleMiles(b, a), 6);
        expect(greatCircleMiles(a, a)).toBe(0);
      }),
    );
  });
});

describe('chance', () => {
  test('lets one row of a hundred be odd where one of a thousand may be, and next to none more in a million', () => {
    expect(Math.floor(mostRows(0.001, 100))).toBe(1);
    expect(mostRows(0.001, 1_000_000)).toBeCloseTo(1000 + 3 * Math.sqrt(999), 9);
  });

  test('moves a PSI of ten bins by 9/n and three of its deviations', () => {
    expect(chancePsi(10, 1000, Infinity)).toBeCloseTo((9 + 3 * Math.sqrt(18)) / 1000, 12);
  });
});

describe('the days of a file', () => {
  test('are its one day, with a few rows of another', () => {
    const raw = rawOn(...Array.from({ length: 19 }, (_, i) => at('2001-02-14') + i), at('2002-02-14'));
    expect(likelyDays(raw)).toEqual({ from: '2001-02-14', through: '2001-02-14' });
  });

  test('are its month, else all of them', () => {
    const february = Array.from({ length: 20 }, (_, i) => at('2001-02-03') + i * 1440);
    expect(likelyDays(rawOn(...february, MISSING))).toEqual({ from: '2001-02-01', through: '2001-02-28' });
    expect(likelyDays(rawOn(at('2001-01-05'), at('2001-02-05'), at('2001-03-05')))).toEqual({
      from: '2001-01-05',
      through: '2001-03-05',
    });
  });

  test('are none without a date', () => {
    expect(likelyDays(rawOn(MISSING))).toBeUndefined();
  });
});

describe('the bytes of a text file', () => {
  test('are UTF-8 whatever the text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const bytes = new TextEncoder().encode(text.replaceAll('\0', ''));
        expect(encodingCheck(bytes).state).toBe('passed');
      }),
    );
  });

  test('are UTF-8 also where a letter lies across the edge of a piece', () => {
    expect(encodingCheck(new TextEncoder().encode(`${'a'.repeat(65_535)}é`)).state).toBe('passed');
  });

  test.each([
    ['date,delay\n2001-01-01,5\n', 'passed'],
    ['date,delay\n2001-01-01,5', 'passed'],
    ['date,delay\n"1 January, 2001",5\n', 'passed'],
    ['date,delay\n2001-01-01,5\n2001-0', 'failed'],
  ])('%j end with a whole line: %s', (text, state) => {
    expect(lastLineCheck(new TextEncoder().encode(text)).state).toBe(state);
  });
});

test('a schema with wider types and another column is right', () => {
  const columns = {
    date: 'DATE',
    delay: 'DOUBLE',
    distance: 'INTEGER',
    origin: 'VARCHAR',
    destination: 'VARCHAR',
    tail: 'VARCHAR',
  };
  expect(schemaCheck(Object.entries(columns).map(([name, type]) => ({ name, type }))).state).toBe('passed');
});

describe('a profile', () => {
  test('of two days is the sum of theirs', () => {
    const [monday, tuesday] = [rawOn(at('2001-02-05')), rawOn(at('2001-02-06', 9), at('2001-02-06', 10))];
    const both = rawOn(...monday.localMinutes, ...tuesday.localMinutes);
    expect(mergeProfiles([profileOf(monday, all(monday)), profileOf(tuesday, all(tuesday))])).toEqual(
      profileOf(both, all(both)),
    );
  });

  test('knows the ten minutes of a flight and those beside them, on every day', () => {
    const known = rawOn(at('2001-02-05', 12, 5));
    const reference = profileOf(known, all(known));
    const later = rawOn(
      at('2001-02-06', 11, 50),
      at('2001-02-06', 12, 19),
      at('2001-02-06', 12, 20),
      at('2001-02-06', 11, 49),
    );
    expect([...unseenSlots(later, all(later), reference)]).toEqual([2, 3]);
  });
});
