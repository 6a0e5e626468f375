import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { FlightsInTheAir } from '../src/features/flights-in-the-air.js';

describe('flights in the air', () => {
  test('land in order of their minute, those of one minute in the order in which they left', () => {
    const air = new FlightsInTheAir(600);
    air.add(650, 7);
    air.add(620, 8);
    air.add(650, 9);
    expect([...air.landedBefore(620)]).toEqual([]);
    expect([...air.landedBefore(650)]).toEqual([8]);
    expect([...air.landedBefore(651)]).toEqual([7, 9]);
    expect([...air.landedBefore(9999)]).toEqual([]);
  });

  test('land exactly once, as a sort by landing and position has them', () => {
    const flights = fc.array(
      fc.record({ wait: fc.nat({ max: 30 }), flies: fc.integer({ min: 1, max: 900 }) }),
    );
    fc.assert(
      fc.property(flights, (flights) => {
        const air = new FlightsInTheAir(0);
        const landed: number[] = [];
        const landsAt: number[] = [];
        let now = 0;
        for (const [position, { wait, flies }] of flights.entries()) {
          now += wait;
          landed.push(...air.landedBefore(now));
          air.add(now + flies, position);
          landsAt.push(now + flies);
        }
        landed.push(...air.landedBefore(now + 1000));
        const sorted = [...landsAt.keys()].toSorted((a, b) => (landsAt[a] ?? 0) - (landsAt[b] ?? 0) || a - b);
        expect(landed).toEqual(sorted);
      }),
      { seed: 1 },
    );
  });

  test('that would have landed in the past are refused', () => {
    const air = new FlightsInTheAir(600);
    expect([...air.landedBefore(700)]).toEqual([]);
    expect(() => air.add(650, 1)).toThrow('expected a landing from 700 on, got one at 650');
  });
});
