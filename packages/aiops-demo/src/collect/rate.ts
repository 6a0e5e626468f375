/**
 * rate(): how fast a counter grows, per second, over a window.
 *
 * in: points of one counter → out: increase per second, or undefined with fewer than two samples in the window
 *
 * Rule: the increase is last minus first; where a value is lower than the one before, the counter was reset (its
 * process restarted), and the value before is added. So a reset is never a negative rate. The samples rarely reach both
 * ends of the window, so the increase is stretched to each end if the gap is under 1.1 average intervals, else by
 * half an interval; and never back beyond the moment at which the counter was 0. Divide by the whole window.
 * Misleads when: a counter rose and was reset between two scrapes (that growth is lost); a counter appears with a
 * value above 0 (its first step is not seen); a gauge is fed in. Whole increases become fractions by stretching.
 * Source: https://prometheus.io/docs/prometheus/latest/querying/functions/#rate, checked against Prometheus 2.42.
 * Prometheus 3 leaves out a sample exactly at the window's start, and limits young counters a little differently.
 *
 * Example: 10 at 1 s, 12 at 3 s, 1 at 5 s, window 0 to 6 s → increase 1 − 10 + 12 = 3 over 4 s, stretched by 1 s at
 *          both ends to 6 s: 4.5 in 6 s → 0.75
 */
import type { Point } from './samples.js';

/** Allows a scrape to come a tenth of an interval late. Prometheus' own constant. */
const CLOSE_TO_THE_END = 1.1;

export function rate(points: readonly Point[], at: number, windowMs: number): number | undefined {
  const start = at - windowMs;
  const inside = points.filter((point) => point.at >= start && point.at <= at && point.value !== 'stale');
  const values = inside.map((point) => point.value as number);
  const [first, last] = [inside[0], inside.at(-1)];
  if (first === undefined || last === undefined || first === last) return undefined;

  const increase = increaseOf(values);
  const sampledMs = last.at - first.at;
  const averageMs = sampledMs / (inside.length - 1);
  const stretch = (gapMs: number) => (gapMs < averageMs * CLOSE_TO_THE_END ? gapMs : averageMs / 2);
  const sinceZeroMs = msSinceZero(values[0] ?? 0, increase, sampledMs);
  const coveredMs = stretch(Math.min(first.at - start, sinceZeroMs)) + sampledMs + stretch(at - last.at);
  return (increase * (coveredMs / sampledMs)) / (windowMs / 1_000);
}

function increaseOf(values: readonly number[]): number {
  let resets = 0;
  for (let i = 1; i < values.length; i += 1) {
    const [before, value] = [values[i - 1] ?? 0, values[i] ?? 0];
    if (value < before) resets += before;
  }
  return (values.at(-1) ?? 0) - (values[0] ?? 0) + resets;
}

/** How long before the first sample the counter was 0, had it always grown this fast. */
function msSinceZero(firstValue: number, increase: number, sampledMs: number): number {
  return increase > 0 && firstValue >= 0 ? sampledMs * (firstValue / increase) : Number.POSITIVE_INFINITY;
}
