/** The last values of every signal, for charts: a bounded ring for each. */
import type { Detection } from './detect/anomaly.js';

/** Ten minutes at one evaluation every 2 s. */
export const MOST_POINTS = 300;

export type SignalPoint = readonly [at: number, value: number | null];

export type SignalHistory = Map<string, SignalPoint[]>;

export function remember(history: SignalHistory, detections: readonly Detection[]): void {
  for (const { signal, at, value } of detections) {
    const points = history.get(signal.id) ?? [];
    history.set(signal.id, points);
    points.push([at, value]);
    if (points.length > MOST_POINTS) points.shift();
  }
}
