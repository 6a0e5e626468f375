import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openRecordedFlights, readFlights } from '../src/recorded-flights.js';
import type { RecordedFlights } from '../src/recorded-flights.js';

let recorded: RecordedFlights;
beforeAll(async () => {
  recorded = await openRecordedFlights();
});
afterAll(() => recorded.close());

describe('a recorded day', () => {
  test('holds its flights in order of departure, each with its own name', async () => {
    const flights = (await recorded.day('2001-02-01')) ?? [];
    expect(flights).toHaveLength(17_023);
    expect(flights[0]).toEqual({
      flightId: 'SJU-FLL-20010201T0606',
      origin: 'SJU',
      destination: 'FLL',
      departedAt: '2001-02-01T06:06:00-04:00',
      distanceMiles: 1046,
      landedAt: '2001-02-01T08:42:00-04:00',
      delayMinutes: -17,
    });
    const instants = flights.map(({ departedAt }) => Date.parse(departedAt));
    expect(instants.toSorted((a, b) => a - b)).toEqual(instants);
    expect(new Set(flights.map(({ flightId }) => flightId)).size).toBe(flights.length);
  });

  test('outside of the record is undefined', async () => {
    expect(await recorded.day('2000-12-31')).toBeUndefined();
    expect(await recorded.day('2001-07-01')).toBeUndefined();
  });

  test('sampled with the same seed holds the same flights again', async () => {
    const days: string[][] = [];
    for (let i = 0; i < 2; i++) {
      for await (const day of readFlights({ from: '2001-02-01', to: '2001-02-01', sample: 0.1, seed: 4 })) {
        days.push(day.map(({ flightId }) => flightId));
      }
    }
    expect(days[0]).toEqual(days[1]);
    expect(days[0]?.length).toBeGreaterThan(1500);
    expect(days[0]?.length).toBeLessThan(1900);
  });
});
