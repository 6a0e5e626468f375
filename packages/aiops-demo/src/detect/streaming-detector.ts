/**
 * Streaming detector: what every detector of a single series looks like from outside.
 *
 * in: values one by one, in the order in which they come → out: a verdict for each, at once
 *
 * Rule: a verdict uses its value and those before it, never one after (no look-ahead), in bounded memory and time.
 *
 *   const detector = createSeriesDetector();
 *   detector.next(at, value); // { state: 'anomalous', score: 0.62, alarm: { because: 'expected about 20, seen 80, …' } }
 */
export interface StreamingDetector<V extends Verdict = Verdict> {
  /** @param at milliseconds since 1970 */
  next(at: number, value: number): V;
}

export interface Verdict {
  readonly state: 'learning' | 'normal' | 'anomalous' | 'ignored';
  /** From 0 to 1, comparable between series; at `ALARM_SCORE` or above for the first value of an anomaly only. */
  readonly score: number;
}

/** The one threshold that is shipped, the same for all series. */
export const ALARM_SCORE = 0.5;

/** Puts evidence on the shared scale: 0.5 at the bar, 0.91 at ten times the bar's rarity. */
export function scoreOf(evidence: number, bar: number): number {
  return 1 / (1 + 10 ** (bar - evidence));
}
