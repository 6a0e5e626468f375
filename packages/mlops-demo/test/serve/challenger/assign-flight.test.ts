import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isAnsweredByChallenger, placeOf } from '../../../src/serve/challenger/assign-flight.js';
import { feedEventsOf, flightsOf } from '../world.js';

const IDS = feedEventsOf(flightsOf('2001-02-01', 10, 500)).flatMap(({ type, flightId }) =>
  type === 'departed' ? [flightId] : [],
);

describe('assigning flights', () => {
  it('equals values computed in Python: FNV-1a, then fmix32', () => {
    expect(placeOf('a')).toBeCloseTo(0.10352621669881046, 15);
    expect(placeOf('ATL-SDF-20010201T0815')).toBeCloseTo(0.7830607260111719, 15);
    expect(placeOf('ATL-SDF-20010201T0816')).toBeCloseTo(0.8132189440075308, 15);
  });

  it('gives the challenger about its share, whatever the share', () => {
    for (const share of [0.01, 0.1, 0.5, 0.9]) {
      const own = IDS.filter((id) => isAnsweredByChallenger(id, share)).length;
      // Four standard deviations of a binomial.
      const tolerance = 4 * Math.sqrt(IDS.length * share * (1 - share));
      expect(Math.abs(own - IDS.length * share)).toBeLessThan(tolerance);
    }
    expect(IDS.every((id) => isAnsweredByChallenger(id, 1))).toBe(true);
  });

  it('is the same each time, and a growing share only adds flights', () => {
    fc.assert(
      fc.property(
        fc.string(),
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (id, one, other) => {
          const [small, large] = [Math.min(one, other), Math.max(one, other)];
          expect(!isAnsweredByChallenger(id, small) || isAnsweredByChallenger(id, large)).toBe(true);
          expect(isAnsweredByChallenger(id, small)).toBe(isAnsweredByChallenger(id, small));
          expect(placeOf(id)).toBeGreaterThanOrEqual(0);
          expect(placeOf(id)).toBeLessThan(1);
        },
      ),
    );
  });

  it('flights of one route and day are spread over the whole range', () => {
    const places = Array.from({ length: 60 }, (_, minute) =>
      placeOf(`ATL-SDF-20010201T08${String(minute).padStart(2, '0')}`),
    );
    const quarters = [0, 1, 2, 3].map(
      (quarter) => places.filter((place) => Math.floor(place * 4) === quarter).length,
    );
    expect(Math.min(...quarters)).toBeGreaterThan(5);
  });
});
