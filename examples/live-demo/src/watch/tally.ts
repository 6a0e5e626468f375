/**
 * Tally: adds up what was seen over a run, also across restarts of a service, whose counters begin at 0 again.
 *
 * in: Observation after Observation → out: Totals of this run
 */
import type { Observation, Totals } from './observation.js';

export interface Tally {
  add(observation: Observation): void;
  totals(): Totals;
}

const COUNTERS = [
  'predictions',
  'modelAnswers',
  'baseRateAnswers',
  'boardErrors',
  'metricsScraped',
  'logLines',
  'anomalies',
] as const;

export function createTally(): Tally {
  const last = new Map<string, number>();
  const sums = new Map<string, number>();
  let p95LatencyMs: number | undefined;
  return {
    add({ totals }) {
      for (const name of COUNTERS) {
        const value = totals[name];
        if (value === undefined) continue;
        const before = last.get(name) ?? 0;
        sums.set(name, (sums.get(name) ?? 0) + (value >= before ? value - before : value));
        last.set(name, value);
      }
      p95LatencyMs = totals.p95LatencyMs ?? p95LatencyMs;
    },
    totals() {
      const sum = (name: (typeof COUNTERS)[number]): number => sums.get(name) ?? 0;
      return {
        predictions: sum('predictions'),
        modelAnswers: sum('modelAnswers'),
        baseRateAnswers: sum('baseRateAnswers'),
        boardErrors: sum('boardErrors'),
        metricsScraped: sum('metricsScraped'),
        logLines: sum('logLines'),
        anomalies: sum('anomalies'),
        p95LatencyMs,
      };
    },
  };
}
