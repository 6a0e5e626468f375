/**
 * Probes: which readings a process answered, and for how long it has been silent.
 *
 * in: readings in time order, of which some were not answered → out: Reading[] that hold values; seconds of silence at their end
 *
 * Rule: a scrape is a probe too. As Prometheus does, each writes down `up`: 1 when the process answered, 0 when it did not. A process that runs and
 * does not answer any more tells nothing of itself, and its histogram least of all; that is what tells of it.
 * When it misleads: a scraper that is cut off from one version only.
 * Source: https://prometheus.io/docs/concepts/jobs_instances/#automatically-generated-labels-and-time-series (read 2026-11).
 *
 *   silenceAtEnd([at 100 s: up 1, at 105 s: up 0, at 112 s: up 0], 20) // 12
 */
import type { Reading } from './measure.js';

const UP = 'up';

export const wasUp = (isUp: boolean): Reading['values'][number] => ({
  metricName: UP,
  labels: {},
  value: isUp ? 1 : 0,
});

/** Without those that hold nothing but `up`: their counters would look as those of a new process. */
export function answered(readings: readonly Reading[]): Reading[] {
  return readings.filter(({ values }) => values.some(({ metricName }) => metricName !== UP));
}

/** @param seconds length of the window: the silence when nothing was answered in it */
export function silenceAtEnd(readings: readonly Reading[], seconds: number): number {
  const probes = readings.flatMap(({ seconds: at, values }) => {
    const up = values.find(({ metricName }) => metricName === UP);
    return up === undefined ? [] : [{ at, isUp: up.value === 1 }];
  });
  const last = probes.at(-1);
  if (last === undefined || last.isUp) return 0;
  const lastUp = probes.findLast(({ isUp }) => isUp);
  return lastUp === undefined ? seconds : Math.min(seconds, last.at - lastUp.at);
}
