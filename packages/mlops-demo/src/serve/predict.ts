/**
 * Predict: the risk of each flight of one request.
 *
 * in:  a model, the features as they stand now, DepartureMinutes[]
 * out: P(delay ≥ 15 minutes) for each, in the same order
 *
 * Rule: features are computed when the request comes; scoring may wait for a batch (micro-batch.ts). Asking only reads: a
 * prediction teaches the features nothing, so the same question gives the same answer until the feed brings news.
 *
 * When it misleads: right after a start without the board, the features know only the history that came with the model.
 */
import type { FlightFeatures } from '../features/flight-features.js';
import { FEATURE_COUNT } from '../features/names.js';
import type { DepartureMinutes } from '../flights.js';
import { scoreBatch } from '../model.js';
import type { DelayModel } from '../model.js';

export function predict(
  model: DelayModel,
  features: FlightFeatures,
  departures: readonly DepartureMinutes[],
): Float32Array {
  return scoreBatch(model, rowsOf(features, departures));
}

/** One row of features a flight, one after the other. */
export function rowsOf(features: FlightFeatures, departures: readonly DepartureMinutes[]): Float32Array {
  const rows = new Float32Array(departures.length * FEATURE_COUNT);
  for (const [index, departure] of departures.entries()) {
    features.writeFeatures(departure, rows, index * FEATURE_COUNT);
  }
  return rows;
}
