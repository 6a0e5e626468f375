/**
 * Accuracy: how wrong were forecasts, on scales that compare series of any size?
 *
 * Rule: sMAPE is the mean of 200 |y − f| / (|y| + |f|). MASE is the mean |y − f| over the mean |x[t] − x[t−period]| of the past, so 1 is
 * the seasonal naive forecast one step ahead. OWA is the mean of both, each divided by that of Naive2: below 1 beats it.
 * When it misleads: sMAPE near zero, where 1 against 0 is 200; MASE of a past that stood still.
 * Source: Makridakis, Spiliotis and Assimakopoulos, the M4 competition, International Journal of Forecasting 36 (2020).
 *
 *   symmetricError([10, 10], [10, 30])     // 50
 *   scaledError([1, 2, 4, 5], [7], [5], 1) // 2 / (4 / 3) = 1.5
 */
export function symmetricError(actual: readonly number[], forecast: readonly number[]): number {
  return mean(
    actual.map((value, step) => {
      const size = Math.abs(value) + Math.abs(forecast[step] ?? 0);
      return size === 0 ? 0 : (200 * Math.abs(value - (forecast[step] ?? 0))) / size;
    }),
  );
}

/** NaN when the past stood still. */
export function scaledError(
  past: readonly number[],
  actual: readonly number[],
  forecast: readonly number[],
  period: number,
): number {
  const scale = mean(past.slice(period).map((value, step) => Math.abs(value - (past[step] ?? 0))));
  const error = mean(actual.map((value, step) => Math.abs(value - (forecast[step] ?? 0))));
  return scale > 0 ? error / scale : Number.NaN;
}

export function overallWeightedAverage(
  ours: { readonly smape: number; readonly mase: number },
  naive2: { readonly smape: number; readonly mase: number },
): number {
  return (ours.smape / naive2.smape + ours.mase / naive2.mase) / 2;
}

/** Mean squared distance of probabilities from what happened: 0 is certain and right, 0.25 is a coin (Brier, Monthly Weather Review 1950). */
export function brierScore(
  said: readonly { readonly probability: number; readonly happened: boolean }[],
): number {
  return mean(said.map(({ probability, happened }) => (probability - (happened ? 1 : 0)) ** 2));
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
