/**
 * Tally: adds up what was seen over a run, also across restarts of a service, whose counters begin at 0 again.
 *
 * in: Observation after Observation → out: Totals of this run
 *
 * Rule: every series by itself, as PromQL's `sum(increase(…))` does. What it grew by is added (service-chassis/counter-increase); one that is
 * gone adds nothing, and what it brought stays. In a sum over series, one that goes away (a model version that was
 * refused, a release that ended) would look like a restart of all others.
 *
 *   28962 of v1; then 28962 of v1, 700 of v2; then 34000 of v1 // 34700
 */
import { counterIncrease } from 'service-chassis/counter-increase';
import { COUNTERS } from './observation.js';
import type { Counter, Observation, Series, Totals } from './observation.js';

export interface Tally {
  add(observation: Pick<Observation, 'counts' | 'p95LatencyMs'>): void;
  totals(): Totals;
}

export function createTally(): Tally {
  const counters = new Map(COUNTERS.map((name) => [name, createCounterTally()]));
  let lastP95: number | undefined;
  return {
    add({ counts, p95LatencyMs }) {
      for (const [name, counter] of counters) counter.add(counts[name] ?? {});
      lastP95 = p95LatencyMs ?? lastP95;
    },
    totals() {
      const sums = Object.fromEntries([...counters].map(([name, counter]) => [name, counter.sum()]));
      return { ...(sums as Record<Counter, number>), p95LatencyMs: lastP95 };
    },
  };
}

interface CounterTally {
  add(series: Series): void;
  sum(): number;
}

function createCounterTally(): CounterTally {
  const last = new Map<string, number>();
  let sum = 0;
  return {
    add(series) {
      for (const [labels, value] of Object.entries(series)) {
        sum += counterIncrease(last.get(labels) ?? 0, value);
        last.set(labels, value);
      }
    },
    sum: () => sum,
  };
}
