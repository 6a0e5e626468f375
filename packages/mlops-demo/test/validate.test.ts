import { describe, expect, test } from 'vitest';
import { MISSING } from '../src/data/columns.js';
import type { RawFlights } from '../src/data/columns.js';
import { dayNumber } from '../src/flights.js';
import { validate } from '../src/validate.js';
import { ROW_EXPECTATIONS } from '../src/validate/row-expectations.js';
import type { QuarantineReason } from '../src/validate/row-expectations.js';
import { readAirports } from '../src/vega-datasets/store.js';

const airports = readAirports();
const SDF = 0;
const ORD = 1;
const NOWHERE = 2;
const NOON = dayNumber('2001-02-01') * 1440 + 720;

type Row = Record<'origin' | 'destination' | 'minutes' | 'distance' | 'delay', number>;

/** Right rows, a minute apart. */
function rightRows(count: number): Row[] {
  return Array.from({ length: count }, (_, i) => ({
    origin: SDF,
    destination: ORD,
    minutes: NOON + Math.floor(i / 2),
    distance: 287,
    delay: (i % 2) * 20,
  }));
}

function batch(rows: Row[]): RawFlights {
  return {
    source: 'a test',
    codes: ['SDF', 'ORD', '???'],
    origins: Int32Array.from(rows, (row) => row.origin),
    destinations: Int32Array.from(rows, (row) => row.destination),
    localMinutes: Int32Array.from(rows, (row) => row.minutes),
    distanceMiles: Int32Array.from(rows, (row) => row.distance),
    delayMinutes: Int32Array.from(rows, (row) => row.delay),
  };
}

/** A thousand right rows with this change to the first of them. */
function withOne(change: Partial<Row>): RawFlights {
  return batch(rightRows(1000).map((row, i) => (i === 0 ? { ...row, ...change } : row)));
}

describe('validation', () => {
  test.each<[QuarantineReason, Partial<Row>]>([
    ['missing value', { delay: MISSING }],
    ['missing value', { minutes: MISSING }],
    ['missing value', { distance: MISSING }],
    ['unknown airport', { origin: NOWHERE }],
    ['unknown airport', { destination: -1 }],
    ['wrong day', { minutes: NOON - 720 + 299 }],
    ['impossible delay', { delay: -1116 }],
    ['impossible delay', { delay: 1440 }],
    ['impossible distance', { distance: 0 }],
    ['impossible distance', { distance: 9000 }],
  ])('quarantines one row for a %s (%o) and keeps the others', (reason, change) => {
    const validated = validate(withOne(change), airports, {});
    expect(validated.state).toBe('passed');
    expect(validated.report).toMatchObject({ rows: 1000, clean: 999 });
    expect(validated.report.quarantined[reason]).toBe(1);
    expect(validated.because).toContain(`1 ${reason}`);
  });

  test('keeps one of two equal rows', () => {
    const [row] = rightRows(1);
    const rows = [row, ...rightRows(1000)].filter((each) => each !== undefined);
    const { quarantined, clean } = validate(batch(rows), airports, {}).report;
    expect(quarantined['exact duplicate']).toBe(1);
    expect(clean).toBe(1000);
  });

  test.each<[QuarantineReason, Partial<Row>]>([
    ['impossible delay', { delay: 50_000 }],
    ['unknown airport', { destination: NOWHERE }],
    ['wrong day', { minutes: NOON - 720 }],
  ])('refuses a batch in which every tenth row has an %s', (reason, change) => {
    const rows = rightRows(1000).map((row, i) => (i % 10 === 0 ? { ...row, ...change } : row));
    const validated = validate(batch(rows), airports, {});
    expect(validated.state).toBe('failed');
    const share =
      ROW_EXPECTATIONS.find((expectation) => expectation.reason === reason)?.mostShare ?? Number.NaN;
    const limit = `limit ${(share * 100).toFixed(2)} %`;
    expect(validated.because).toMatch(new RegExp(`${reason}: \\d+ of 1000 rows .*${limit}`));
  });

  test('refuses an empty batch', () => {
    expect(validate(batch([]), airports, {})).toMatchObject({
      state: 'failed',
      because: 'the batch has no clean row',
    });
  });

  test('refuses a day with too few flights, and names it', () => {
    const validated = validate(batch(rightRows(1000)), airports, { flightsPerDay: [13_000, 19_000] });
    expect(validated.state).toBe('failed');
    expect(validated.because).toBe(
      'volume: expected 13000 to 19000 flights a day, got 1000 on 2001-02-01 (1 such days)',
    );
  });

  test('brings local times of two zones into one order', () => {
    const [early, late] = rightRows(4).filter((_, i) => i % 2 === 0);
    // 12:00 in Chicago is later than 12:01 in Louisville.
    const rows = [{ ...early, origin: ORD, destination: SDF }, late] as Row[];
    const validated = validate(batch(rows), airports, {});
    if (validated.state === 'failed') throw new Error(validated.because);
    expect([...validated.flights.origins]).toEqual([SDF, ORD]);
    expect([...validated.flights.utcMinutes]).toEqual([NOON + 1 + 300, NOON + 360]);
  });
});
