import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { holtWinters } from '../src/forecast/holt-winters.js';
import { dampedHolt, holt, simple } from '../src/forecast/holt.js';
import type { Method } from '../src/forecast/method.js';
import { naive } from '../src/forecast/naive.js';
import { nelderMead } from '../src/forecast/nelder-mead.js';
import { seasonalNaive } from '../src/forecast/seasonal-naive.js';
import { project, smooth } from '../src/forecast/smoothing.js';
import type { States, Weights } from '../src/forecast/smoothing.js';
import { airPassengers, australianPassengers, internetUsage, visitorNights } from './forecast-series.js';

function continued(values: readonly number[], weights: Weights, start: States, horizon: number): number[] {
  return project(smooth(values, weights, start).states, weights, horizon);
}

function forecastOf(method: Method, values: readonly number[], horizon: number): number[] {
  const { weights, start } = method.fit(values);
  return continued(values, weights, start, horizon);
}

const squares = (values: readonly number[]) => values.reduce((sum, value) => sum + value * value, 0);
const sseOf = (method: Method, values: readonly number[]) => {
  const { weights, start } = method.fit(values);
  return squares(smooth(values, weights, start).errors);
};

describe('with given weights it says what statsmodels 0.15 says', () => {
  const start = { level: 15.57, trend: 2.102, season: [] };

  test('Holt', () => {
    const weights = { alpha: 0.8321, beta: 0.8321 * 0.0001, phi: 1, gamma: 0 };
    const expected = [
      43.99306269308384, 46.094542078699476, 48.1960214643151, 50.29750084993073, 52.398980235546354,
    ];
    continued(australianPassengers, weights, start, 5).forEach((value, step) => {
      expect(value).toBeCloseTo(expected[step] ?? 0, 10);
    });
    expect(squares(smooth(australianPassengers, weights, start).errors)).toBeCloseTo(41.655959516532526, 10);
  });

  test('damped Holt', () => {
    const weights = { alpha: 0.8, beta: 0.8 * 0.2, phi: 0.9, gamma: 0 };
    const expected = [
      42.94897318673974, 44.017728804546294, 44.97960886057219, 45.8453009109955, 46.62442375637647,
    ];
    continued(australianPassengers, weights, start, 5).forEach((value, step) => {
      expect(value).toBeCloseTo(expected[step] ?? 0, 10);
    });
  });

  // Its ETSModel; its ExponentialSmoothing takes the fourth season from one round too early.
  test('Holt-Winters and damped Holt-Winters', () => {
    const first = { level: 32, trend: 0.7, season: [9.5, -9, -2, 1.5] };
    const weights = { alpha: 0.3, beta: 0.03, phi: 1, gamma: 0.2 };
    const kept = [
      58.82437938343316, 38.427876866221105, 46.745349736807036, 50.62795637733526, 61.08826646479597,
    ];
    continued(visitorNights, weights, first, 5).forEach((value, step) => {
      expect(value).toBeCloseTo(kept[step] ?? 0, 10);
    });
    const damped = [
      57.790531801854065, 37.07530379958784, 45.05321097441073, 48.57581414974914, 58.452416196150324,
    ];
    continued(visitorNights, { ...weights, phi: 0.9 }, first, 5).forEach((value, step) => {
      expect(value).toBeCloseTo(damped[step] ?? 0, 10);
    });
  });
});

describe('the fit', () => {
  /** One-step errors of forecasts from the 10th value on, each fitted to the values before it. */
  const rootMeanSquare = (method: Method) => {
    const errors = internetUsage
      .slice(10)
      .map((value, index) => value - (forecastOf(method, internetUsage.slice(0, index + 10), 1)[0] ?? 0));
    return Math.sqrt(squares(errors) / errors.length);
  };

  // Hyndman and Athanasopoulos (2021), section 8.2, table of cross-validated accuracy: 6.05, 3.87 and 3.69.
  test.each([
    ['simple smoothing', simple, 6.05],
    ['Holt', holt, 3.87],
    ['damped Holt', dampedHolt, 3.69],
  ] as const)(
    'of %s forecasts internet usage as well as the published one, within a twentieth',
    (_name, method, published) => {
      expect(Math.abs(rootMeanSquare(method) / published - 1)).toBeLessThan(0.05);
    },
  );

  test('finds squared errors as small as statsmodels 0.15 does', () => {
    expect(sseOf(holt, australianPassengers)).toBeLessThan(43.27872548134535 * 1.01);
    expect(sseOf(dampedHolt, australianPassengers)).toBeLessThan(36.20477623674454 * 1.01);
  });
});

describe('baselines', () => {
  test('naive stays, seasonal naive repeats', () => {
    expect(forecastOf(naive, [3, 5], 3)).toEqual([5, 5, 5]);
    expect(forecastOf(seasonalNaive(2), [3, 5, 4, 6], 5)).toEqual([4, 6, 4, 6, 4]);
  });

  test('Holt-Winters beats both on two years of airline passengers', () => {
    const [train, actual] = [airPassengers.slice(0, -24), airPassengers.slice(-24)];
    const error = (method: Method) =>
      forecastOf(method, train, 24).reduce(
        (sum, value, step) => sum + Math.abs(value - (actual[step] ?? 0)),
        0,
      ) / 24;
    expect(error(seasonalNaive(12))).toBeCloseTo(71.25, 2);
    expect(error(naive)).toBeCloseTo(115.25, 2);
    expect(error(holtWinters(12, 'kept'))).toBeLessThan(error(seasonalNaive(12)) / 2);
  });
});

describe('invariants', () => {
  const numbers = fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 12, maxLength: 60 });

  test('every fit is finite and stable, whatever the values', () => {
    fc.assert(
      fc.property(numbers, fc.constantFrom(simple, holt, dampedHolt, holtWinters(4)), (values, method) => {
        const { weights } = method.fit(values);
        expect(weights.alpha).toBeGreaterThanOrEqual(0);
        expect(weights.alpha).toBeLessThanOrEqual(1);
        expect(weights.beta).toBeLessThanOrEqual(weights.alpha);
        expect(weights.gamma).toBeLessThanOrEqual(1 - weights.alpha);
        for (const value of forecastOf(method, values, 10)) expect(Number.isFinite(value)).toBe(true);
      }),
      { seed: 1, numRuns: 40 },
    );
  });

  test('a straight line is continued', () => {
    forecastOf(holt, [10, 12, 14, 16, 18, 20, 22, 24], 3).forEach((value, step) => {
      expect(value).toBeCloseTo(26 + 2 * step, 4);
    });
  });
});

test('Nelder-Mead finds the bottom of Rosenbrock’s valley', () => {
  const rosenbrock = ([x = 0, y = 0]: readonly number[]) => (1 - x) ** 2 + 100 * (y - x * x) ** 2;
  const [x, y] = nelderMead(rosenbrock, [-1.2, 1], [0.5, 0.5]);
  expect(x).toBeCloseTo(1, 2);
  expect(y).toBeCloseTo(1, 2);
});
