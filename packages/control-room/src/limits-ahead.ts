/**
 * Limits ahead: which of the watched resources may reach their limits, likeliest first.
 *
 * in: what aiops forecasts → out: LimitsAhead
 *
 * Rule: a limit is in sight when it is not impossible that it is reached, as aiops says it in its own stage.
 * When it misleads: a resource without a forecast yet is neither in sight nor out of it; it is counted apart.
 */
import type { Answer } from './questions.js';

type Forecast = Answer<'aiops/forecasts'>['forecasts'][number];

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
      return probability === null || probability === 0 ? [] : [{ ...forecast, probability }];
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
