/** The replay's metrics. Counters tell events delivered for the first time; what was sent again after a restart is not counted. */
import { Counter, Gauge } from 'prom-client';
import type { Registry } from 'prom-client';
import type { Delivery } from './board.js';
import type { ReplayEvent } from './schedule.js';

export interface ReplayMetrics {
  record(event: ReplayEvent, delivery: Delivery): void;
  recordAway(): void;
}

export function replayMetrics(registry: Registry, simulatedTime: () => number): ReplayMetrics {
  const registers = [registry];
  const flights = new Counter({
    name: 'replay_flights_total',
    help: 'Departures delivered to the board.',
    registers,
  });
  const outcomes = new Counter({
    name: 'replay_outcomes_total',
    help: 'Outcomes delivered to the board.',
    registers,
  });
  const failures = new Counter({
    name: 'replay_failures_total',
    help: 'Deliveries that were tried again (away) or given up (refused).',
    labelNames: ['reason'],
    registers,
  });
  const simulated = new Gauge({
    name: 'replay_simulated_time_seconds',
    help: 'Simulated time of the latest event sent, as seconds since 1970.',
    registers: [],
    collect() {
      this.set(simulatedTime() / 1_000);
    },
  });
  registry.registerMetric(simulated);
  return {
    record(event, delivery) {
      if (delivery.kind === 'refused') failures.inc({ reason: 'refused' });
      if (delivery.kind !== 'stored' || !delivery.fresh) return;
      if (event.kind === 'departure') flights.inc();
      else outcomes.inc();
    },
    recordAway: () => failures.inc({ reason: 'away' }),
  };
}
