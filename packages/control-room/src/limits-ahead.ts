/**
 * Limits ahead: which of the watched resources may reach their limits, likeliest first.
 *
 * in: what aiops forecasts → out: LimitsAhead
 *
 * Rule: a limit is in sight when it is reached with a probability of at least 0.005, that is when it reads "1 %" or more.
 */
import type { Answer } from './questions.js';

type Forecast = Answer<'aiops/forecasts'>['forecasts'][number];

const IN_SIGHT_FROM = 0.005;
const SHOWN = 6;

export interface LimitsAhead {
  inSight: (Forecast & { probability: number })[];
  /** How many resources have a forecast. */
  watched: number;
  /** How many have none yet, and why the first of them has none. */
  unknown: number;
  unknownBecause: string;
}

export function limitsAhead(forecasts: readonly Forecast[]): LimitsAhead {
  const unknown = forecasts.filter(({ probability }) => probability === null);
  const inSight = forecasts
    .flatMap((forecast) => {
      const { probability } = forecast;
      return probability === null || probability < IN_SIGHT_FROM ? [] : [{ ...forecast, probability }];
    })
    .sort((a, b) => b.probability - a.probability)
    .slice(0, SHOWN);
  return {
    inSight,
    watched: forecasts.length - unknown.length,
    unknown: unknown.length,
    unknownBecause: unknown[0]?.because ?? '',
  };
}
