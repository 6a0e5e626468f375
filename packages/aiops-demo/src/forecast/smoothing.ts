/**
 * Exponential smoothing: a level, a trend and a season, each moved a little by every surprise.
 *
 * in: values, weights, the states to start from → out: the states at the end, and the one-step errors on the way
 *
 * Rule: error = value − (level + phi × trend + season). Then level += phi × trend + alpha × error,
 * trend = phi × trend + beta × error, season += gamma × error. The forecast h steps on adds phi + phi² + … + phi^h trends.
 * Every method here is one setting of these four weights: naive is alpha 1, seasonal naive is gamma 1, Holt adds beta,
 * phi below 1 damps the trend, Holt-Winters adds gamma.
 * When it misleads: one wild value moves the states as much as its weight says; there is no second season.
 * Source: Hyndman and Athanasopoulos, Forecasting: Principles and Practice, 3rd edition (2021), chapter 8, the additive models.
 *
 *   smooth([10, 12], { alpha: 0.5, beta: 0, phi: 1, gamma: 0 }, { level: 10, trend: 0, season: [] })
 *   // { states: { level: 11, trend: 0, season: [] }, errors: [0, 2] }
 */
export interface Weights {
  /** How much of an error the level takes, 0 to 1. */
  readonly alpha: number;
  /** How much of an error the trend takes. */
  readonly beta: number;
  /** What is left of the trend after each step: 1 keeps it, less damps it. */
  readonly phi: number;
  /** How much of an error the season takes. */
  readonly gamma: number;
}

export interface States {
  readonly level: number;
  readonly trend: number;
  /** One value for each step of a season, the next step first. Empty without a season. */
  readonly season: readonly number[];
}

export function smooth(
  values: readonly number[],
  { alpha, beta, phi, gamma }: Weights,
  start: States,
): { states: States; errors: number[] } {
  let { level, trend } = start;
  const season = [...start.season];
  let next = 0;
  const errors: number[] = [];
  for (const value of values) {
    const damped = phi * trend;
    const error = value - (level + damped + (season[next] ?? 0));
    level += damped + alpha * error;
    trend = damped + beta * error;
    if (season.length > 0) {
      season[next] = (season[next] ?? 0) + gamma * error;
      next = (next + 1) % season.length;
    }
    errors.push(error);
  }
  return { states: { level, trend, season: [...season.slice(next), ...season.slice(0, next)] }, errors };
}

/** The forecasts for the next steps. `project({ level: 10, trend: 2, season: [] }, { …, phi: 0.5 }, 3)` is `[11, 11.5, 11.75]`. */
export function project({ level, trend, season }: States, { phi }: Weights, horizon: number): number[] {
  let damped = trend;
  let reached = level;
  return Array.from({ length: horizon }, (_, step) => {
    damped *= phi;
    reached += damped;
    return reached + (season[step % season.length] ?? 0);
  });
}
