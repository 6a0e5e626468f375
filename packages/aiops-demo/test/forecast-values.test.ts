import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { calibrate } from '../src/forecast/calibrate.js';
import { forecastValues, intervalOf } from '../src/forecast/forecast-values.js';
import { naive } from '../src/forecast/naive.js';
import { quantileOf } from '../src/forecast/quantile-of.js';
import { rollingOrigin } from '../src/forecast/rolling-origin.js';
import { seededRandom } from '../src/forecast/seeded-random.js';
import { whenWillItHit } from '../src/forecast/when-will-it-hit.js';
import { airPassengers } from './forecast-series.js';

const DAY_MS = 86_400_000;
const MONDAY = Date.parse('2026-01-05T00:00:00Z');
const line = (length: number) => Array.from({ length }, (_, step) => step + 1);
const noisy = (values: readonly number[], size: number, seed: number) => {
  const random = seededRandom(seed);
  return values.map((value) => value + size * (random() - 0.5));
};

describe('forecastValues', () => {
  test('two years of airline passengers: well below seasonal naive, and inside the interval', () => {
    const [train, actual] = [airPassengers.slice(0, -24), airPassengers.slice(-24)];
    const forecast = forecastValues(train, 24);
    expect(forecast.method).toBe('damped Holt-Winters of logarithms');
    const error =
      forecast.middle.reduce((sum, value, step) => sum + Math.abs(value - (actual[step] ?? 0)), 0) / 24;
    expect(error).toBeLessThan(71.25 * 0.6);
    const { low, high } = intervalOf(forecast, 0.95);
    const inside = actual.filter((value, step) => value >= (low[step] ?? 0) && value <= (high[step] ?? 0));
    expect(inside.length).toBeGreaterThanOrEqual(22);
  });

  test('the same dice give the same forecast', () => {
    expect(forecastValues(airPassengers, 12)).toEqual(forecastValues(airPassengers, 12));
  });

  test('a straight line goes on, and a constant stays', () => {
    forecastValues(line(30), 5).middle.forEach((value, step) => expect(value).toBeCloseTo(31 + step, 3));
    expect(forecastValues(Array(30).fill(7), 3).middle).toEqual([7, 7, 7]);
    expect(forecastValues([4], 2).middle).toEqual([4, 4]);
  });

  test('nothing to look at is an error', () => {
    expect(() => forecastValues([], 3)).toThrow('expected at least one value');
  });

  test('of 40 random walks, 80 and 95 per cent intervals hold about as many as they say', () => {
    let inside80 = 0;
    let inside95 = 0;
    for (let seed = 1; seed <= 40; seed += 1) {
      let walk = 0;
      const values = noisy(Array(100).fill(0), 2, seed).map((step) => (walk += step));
      const forecast = forecastValues(values.slice(0, 90), 10);
      const held = (share: number) => {
        const { low, high } = intervalOf(forecast, share);
        return (
          values.slice(90).filter((value, step) => value >= (low[step] ?? 0) && value <= (high[step] ?? 0))
            .length / 400
        );
      };
      inside80 += held(0.8);
      inside95 += held(0.95);
    }
    expect(inside80).toBeGreaterThan(0.72);
    expect(inside80).toBeLessThan(0.92);
    expect(inside95).toBeGreaterThan(0.9);
  });

  test('a wider share has a wider interval around the narrower one', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: -1e3, max: 1e3, noNaN: true }), { minLength: 1, maxLength: 40 }),
        (values) => {
          const forecast = forecastValues(values, 3);
          const [narrow, wide] = [intervalOf(forecast, 0.8), intervalOf(forecast, 0.95)];
          for (const step of [0, 1, 2]) {
            expect(wide.low[step]).toBeLessThanOrEqual(narrow.low[step] ?? 0);
            expect(wide.high[step]).toBeGreaterThanOrEqual(narrow.high[step] ?? 0);
          }
        },
      ),
      { seed: 1, numRuns: 20 },
    );
  });
});

describe('what it is made of', () => {
  test('a back-test sees nothing that lies ahead', () => {
    expect(rollingOrigin([1, 2, 3, 4, 5, 6], naive.fit([1]), 2, 1)).toEqual({
      errors: [
        [1, 2],
        [1, 2],
        [1, 2],
      ],
      windows: 2,
    });
  });

  test('errors twice as large as those of a normal distribution double the width, smaller ones leave it', () => {
    const paths = [[1], [-1]];
    const errors = (size: number) =>
      Array.from({ length: 50 }, (_, index) => [index % 2 === 0 ? size : -size]);
    expect(calibrate({ errors: errors(2 * 1.2816), paths, middle: [0], windows: 50 })).toBeCloseTo(2);
    expect(calibrate({ errors: errors(0.1), paths, middle: [0], windows: 50 })).toBe(1);
    expect(calibrate({ errors: [], paths, middle: [0], windows: 0 })).toBe(3);
  });

  test('a quantile lies between its neighbours', () => {
    expect(quantileOf([1, 2, 3], 0.5)).toBe(2);
    expect(quantileOf([1, 2], 0.25)).toBe(1.25);
  });
});

describe('whenWillItHit', () => {
  // Two per cent a day: from 60 per cent on day 1, 100 per cent is reached after 20 days.
  const filling = {
    values: noisy(
      line(30).map((day) => 30 + 2 * day),
      3,
      1,
    ),
    stepMs: DAY_MS,
    endsAt: MONDAY,
  };

  test('a disk that fills by two per cent a day is full in about five days', () => {
    const answer = whenWillItHit(filling, 100, 10);
    expect(answer).toMatchObject({ kind: 'forecast', probability: 1 });
    const when = answer.kind === 'forecast' ? answer.when : null;
    expect((when!.earliest - MONDAY) / DAY_MS).toBeGreaterThanOrEqual(4);
    expect(Math.abs((when!.middle - MONDAY) / DAY_MS - 5)).toBeLessThanOrEqual(1);
    expect((when!.latest - MONDAY) / DAY_MS).toBeLessThanOrEqual(6);
  });

  test('before Wednesday it is not', () => {
    expect(whenWillItHit(filling, 100, 2)).toMatchObject({ kind: 'forecast', probability: 0, when: null });
  });

  test('the longer the horizon, the surer the hit', () => {
    const probabilities = [3, 4, 5, 6].map((horizon) => {
      const answer = whenWillItHit(filling, 100, horizon);
      return answer.kind === 'forecast' ? answer.probability : -1;
    });
    expect(probabilities).toEqual(probabilities.toSorted((a, b) => a - b));
  });

  test('a floor is hit by falling', () => {
    const falling = { ...filling, values: filling.values.map((value) => 200 - value) };
    expect(whenWillItHit(falling, 100, 10)).toMatchObject({ kind: 'forecast', probability: 1 });
  });

  test('noise around a level far below never hits', () => {
    const flat = { ...filling, values: noisy(Array(60).fill(50), 4, 2) };
    expect(whenWillItHit(flat, 100, 60)).toMatchObject({ kind: 'forecast', probability: 0 });
  });

  test('what cannot be known is said', () => {
    expect(whenWillItHit({ ...filling, values: [1, 2, 3] }, 100, 10)).toEqual({
      kind: 'unknown',
      because: '3 values are too few to see a trend, 20 are needed',
    });
    expect(whenWillItHit({ ...filling, values: [...filling.values, 100] }, 100, 10).kind).toBe('hit');
  });
});
