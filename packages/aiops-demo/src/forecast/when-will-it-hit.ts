/**
 * When will it hit: will this series reach a limit within a horizon, how probably, and when?
 *
 * in: a series, a limit, a horizon in steps → out: HitForecast
 *
 * Rule: of many ways in which the series may go on (forecast-values.ts), count those that reach the limit, and when each first
 * does. From below the limit is reached by rising, from above by falling.
 * When it misleads: a first passage of the paths is asked, noise and all: a noisy series touches its limit before its mean does.
 * Fewer than 20 values have shown no trend yet.
 * Source: first passage by simulation, as in Hyndman and Athanasopoulos (2021), section 5.5; the question is that of
 * Prometheus' `predict_linear`, which answers without a probability.
 *
 *   whenWillItHit({ endsAt: monday, stepMs: DAY_MS, values: [60, 62, …, 88] }, 100, 7)
 *   // { kind: 'forecast', probability: 0.8, earliest: thursday, middle: thursday, latest: friday, because: '…' }
 */
import { forecastValues } from './forecast-values.js';
import { sinceBreak } from './since-break.js';
import { quantileOf } from './quantile-of.js';

/** Values in equal steps. */
export interface TimeSeries {
  readonly values: readonly number[];
  readonly stepMs: number;
  /** Milliseconds since 1970 of the last value. */
  readonly endsAt: number;
}

export type HitForecast =
  | { readonly kind: 'unknown'; readonly because: string }
  | { readonly kind: 'hit'; readonly because: string }
  | {
      readonly kind: 'forecast';
      /** That the limit is reached within the horizon. */
      readonly probability: number;
      /** The middle 80 per cent of the times at which it is reached, if it is; null when no path reaches it. */
      readonly when: { readonly earliest: number; readonly middle: number; readonly latest: number } | null;
      readonly method: string;
      readonly because: string;
    };

export const LEAST_VALUES = 20;
const OUTSIDE_SHARE = 0.1;

export function whenWillItHit(
  { values, stepMs, endsAt }: TimeSeries,
  limit: number,
  horizon: number,
  random?: () => number,
): HitForecast {
  const last = values.at(-1);
  if (last === undefined || values.length < LEAST_VALUES)
    return {
      kind: 'unknown',
      because: `${values.length} values are too few to see a trend, ${LEAST_VALUES} are needed`,
    };
  if (last === limit) return { kind: 'hit', because: 'the limit is reached now' };
  const rises = last < limit;
  const { paths, method } = forecastValues(sinceBreak(values), horizon, random);
  const steps = paths
    .map((path) => path.findIndex((value) => (rises ? value >= limit : value <= limit)) + 1)
    .filter((step) => step > 0)
    .sort((a, b) => a - b);
  const probability = steps.length / paths.length;
  const at = (share: number) => endsAt + Math.round(quantileOf(steps, share)) * stepMs;
  const when =
    steps.length === 0
      ? null
      : { earliest: at(OUTSIDE_SHARE), middle: at(0.5), latest: at(1 - OUTSIDE_SHARE) };
  const because = `${steps.length} of ${paths.length} paths ${rises ? 'rise' : 'fall'} to it by ${method}`;
  return { kind: 'forecast', probability, when, method, because };
}
