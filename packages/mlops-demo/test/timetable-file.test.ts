import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { countOf, landingAt } from '../src/data/columns.js';
import type { FlightColumns } from '../src/data/columns.js';
import { fitTimetable } from '../src/features/fit-timetable.js';
import type { FrozenTimetable } from '../src/features/frozen-timetable.js';
import { LearnedTimetable } from '../src/features/learned-timetable.js';
import { timetableForTests, timetableForTraining } from '../src/features/timetable-choice.js';
import { packTimetable, unpackTimetable } from '../src/features/timetable-file.js';
import { dayNumber, dayOf, minuteOfDay } from '../src/flights.js';
import { SDF_PLAN, sdfFlights } from './sdf.js';

const PLAN = { ...SDF_PLAN, timetable: 'frozen' as const };
const DAY = dayNumber('2001-03-01');
let flights: FlightColumns;
let table: FrozenTimetable;
beforeAll(async () => {
  flights = await sdfFlights();
  table = fitTimetable(flights, DAY);
});

/** What the timetable that is learned event by event says about a route. */
function learned(origin: string, destination: string): LearnedTimetable {
  const timetable = new LearnedTimetable();
  for (let position = 0; position < countOf(flights); position++) {
    const flight = landingAt(flights, position);
    if (flight.origin !== origin || flight.destination !== destination) continue;
    if (flight.landedUtcMinutes >= DAY * 1440 + 540) continue;
    const delay = Math.min(Math.max(flight.delayMinutes, -30), 180);
    timetable.add(dayOf(flight.localMinutes), minuteOfDay(flight.localMinutes), delay);
  }
  return timetable;
}

describe('a frozen timetable', () => {
  test.each([
    ['SDF', 'ATL'],
    ['MCO', 'SDF'],
    ['SDF', 'CVG'],
  ])('of %s to %s says for every slot what the one learned flight by flight says on its day', (from, to) => {
    const timetable = learned(from, to);
    let seen = 0;
    for (let minute = 0; minute < 1440; minute += 10) {
      expect(table.read(from, to, minute)).toEqual(timetable.read(DAY, minute));
      seen += table.read(from, to, minute).count;
    }
    expect(seen).toBeGreaterThan(20);
  });

  test('says nothing about routes that nobody flew', () => {
    expect(table.read('SDF', 'XXX', 600)).toEqual({ delaySum: 0, count: 0, expectedEarlier: 0 });
    expect(table.read('XXX', 'SDF', 600)).toEqual({ delaySum: 0, count: 0, expectedEarlier: 0 });
  });
});

describe('as a file', () => {
  test('it comes back as it was', () => {
    const back = unpackTimetable(packTimetable(table));
    expect(back.columns).toEqual(table.columns);
    expect(back.read('SDF', 'ATL', 600)).toEqual(table.read('SDF', 'ATL', 600));
  });

  test('without a single flight it comes back empty', () => {
    const empty = fitTimetable(flights, dayNumber('2000-01-01'));
    expect(unpackTimetable(packTimetable(empty)).columns).toEqual(empty.columns);
  });

  test('cut off or with anything at its end it is refused', () => {
    const packed = packTimetable(table);
    fc.assert(
      fc.property(fc.integer({ min: 0, max: packed.length - 1 }), (length) => {
        expect(() => unpackTimetable(packed.subarray(0, length))).toThrow(/unpackTimetable: expected/);
      }),
      { numRuns: 50, seed: 1 },
    );
    expect(() => unpackTimetable(Uint8Array.of(...packed, 0))).toThrow(/unpackTimetable: expected/);
  });

  test.each<[string, (columns: FrozenTimetable['columns']) => void]>([
    ['a route between airports that it does not name', ({ origins }) => origins.fill(60_000, 0, 1)],
    ['slots of a 25th hour', ({ slots, ends }) => slots.fill(150, (ends[0] ?? 0) - 1, ends[0])],
    ['slots in no order', ({ slots, ends }) => slots.subarray(0, ends[0]).reverse()],
    ['routes that end beyond the last slot', ({ ends }) => ends.fill(1_000_000)],
    ['slots that belong to no route', ({ ends }) => ends.fill(0)],
  ])('with %s it is refused', (_, damage) => {
    const damaged = unpackTimetable(packTimetable(table));
    damage(damaged.columns);
    expect(() => unpackTimetable(packTimetable(damaged))).toThrow(/unpackTimetable: expected/);
  });
});

describe('the choice of a timetable', () => {
  test('gives training rows tables of 0 to 27 days, each about as often', () => {
    const choose = timetableForTraining(flights, PLAN);
    const ages = new Map<number, number>();
    for (let position = 5000; position < 12_000; position++) {
      const age = dayOf(flights.localMinutes[position] ?? 0) - (choose(position)?.asOf ?? NaN);
      ages.set(age, (ages.get(age) ?? 0) + 1);
    }
    expect([...ages.keys()].toSorted((a, b) => a - b)).toEqual(Array.from({ length: 28 }, (_, age) => age));
    expect(Math.min(...ages.values())).toBeGreaterThan(7000 / 28 / 1.4);
  });

  test('never reaches back to a day whose 14 days before are not in the data', () => {
    const choose = timetableForTraining(flights, PLAN);
    const first = flights.localMinutes.findIndex((minute) => dayOf(minute) === dayNumber('2001-01-17'));
    const days = Array.from({ length: 100 }, (_, i) => choose(first + i)?.asOf ?? NaN);
    expect(Math.min(...days)).toBe(dayNumber('2001-01-15'));
    expect(Math.max(...days)).toBe(dayNumber('2001-01-17'));
  });

  test('gives every test row the table as of the day after training', () => {
    const choose = timetableForTests(flights, PLAN);
    expect(choose(15_000)?.asOf).toBe(dayNumber('2001-05-01'));
    expect(choose(20_000)).toBe(choose(15_000));
  });

  test('leaves nightly rows to the landings of the last 14 days', () => {
    const plan = { ...SDF_PLAN, timetable: 'nightly' as const };
    expect(timetableForTraining(flights, plan)(15_000)).toBeUndefined();
    expect(timetableForTests(flights, plan)(15_000)).toBeUndefined();
  });
});
