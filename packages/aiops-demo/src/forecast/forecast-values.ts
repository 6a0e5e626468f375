/**
 * Forecast values: what comes next, and how sure that is.
 *
 * in: values in equal steps, a horizon → out: Forecast: the middle, and paths from which intervals are read
 *
 * Rule: look for seasons (detect-seasons.ts), choose a method (choose-method.ts), let it run on (sample-paths.ts), and widen the paths to
 * what its errors really were (calibrate.ts). Where swings grow with the level (grows-with-level.ts) all of it is done in logarithms.
 * When it misleads: nothing here knows a plan: a deployment tonight, a sale tomorrow.
 * Source: Hyndman and Athanasopoulos, Forecasting: Principles and Practice, 3rd edition (2021), chapters 5 and 8.
 *
 *   forecastValues([1, 2, 3, …, 30], 5).middle // [31, 32, 33, 34, 35]
 */
import { calibrate } from './calibrate.js';
import { rankMethods } from './choose-method.js';
import { detectSeasons } from './detect-seasons.js';
import type { Season } from './detect-seasons.js';
import { growsWithLevel } from './grows-with-level.js';
import { quantileOf } from './quantile-of.js';
import { samplePaths } from './sample-paths.js';
import { seededRandom } from './seeded-random.js';
import { project, smooth } from './smoothing.js';

export interface Forecast {
  /** Name of the method that was chosen. */
  readonly method: string;
  readonly middle: readonly number[];
  readonly paths: readonly (readonly number[])[];
}

export interface Interval {
  readonly low: readonly number[];
  readonly high: readonly number[];
}

/** A 95 % interval has 25 of a thousand paths on each side. */
const PATHS = 1_000;

export function forecastValues(
  values: readonly number[],
  horizon: number,
  random: () => number = seededRandom(1),
): Forecast {
  if (values.length === 0) throw new Error('forecastValues: expected at least one value, got none');
  const seasons = detectSeasons(values);
  const inLogs = growsWithLevel(values, seasons[0]?.period);
  const series = inLogs ? values.map(Math.log) : values;
  const { method, middle, paths } = forecastWith(series, horizon, seasons, random);
  // Counts, bytes and seconds do not turn negative.
  const least = values.some((value) => value < 0) ? -Infinity : 0;
  const back = (value: number) => (inLogs ? Math.exp(value) : Math.max(least, value));
  return {
    method: inLogs ? `${method} of logarithms` : method,
    middle: middle.map(back),
    paths: paths.map((path) => path.map(back)),
  };
}

/** The middle share of the paths: `intervalOf(forecast, 0.8)`. */
export function intervalOf({ paths, middle }: Forecast, share: number): Interval {
  const sorted = middle.map((_, step) => Float64Array.from(paths, (path) => path[step] ?? 0).sort());
  const outside = (1 - share) / 2;
  return {
    low: sorted.map((values) => quantileOf(values, outside)),
    high: sorted.map((values) => quantileOf(values, 1 - outside)),
  };
}

function forecastWith(
  values: readonly number[],
  horizon: number,
  seasons: readonly Season[],
  random: () => number,
): Forecast {
  const [best] = rankMethods(values, horizon, seasons);
  if (best === undefined) throw new Error('forecastValues: expected a method, got none');
  const { weights, start } = best.fitted;
  const { states, errors } = smooth(values, weights, start);
  const middle = project(states, weights, horizon);
  const drawn = centred(errors.slice(Math.min(best.method.learnsFrom, Math.floor(errors.length / 2))));
  const paths = samplePaths({ states, weights, errors: drawn, horizon, paths: PATHS, random });
  const factor = calibrate({ ...best.backTest, paths, middle });
  return { method: best.method.name, middle, paths: widened(paths, middle, factor) };
}

function centred(errors: readonly number[]): number[] {
  const mean = errors.reduce((sum, error) => sum + error, 0) / errors.length;
  return errors.map((error) => error - mean);
}

function widened(
  paths: readonly (readonly number[])[],
  middle: readonly number[],
  factor: number,
): number[][] {
  return paths.map((path) =>
    path.map((value, step) => (middle[step] ?? 0) + factor * (value - (middle[step] ?? 0))),
  );
}
