/** The model server's metrics, besides those that every service has. No label grows without bound. */
import { Counter, Gauge, Histogram } from 'prom-client';
import type { Registry } from 'prom-client';
import { versionMetrics } from './challenger/metrics.js';
import type { VersionMetrics } from './challenger/metrics.js';
import type { Tally } from './follow-feed.js';
import type { MonitorReport } from './monitor-report.js';
import { monitorMetrics } from './monitor/metrics.js';

const RISK_BUCKETS = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1];
/** At most 256 single questions wait; a batch has at most 1,000 rows, and so has the largest request. */
const ROWS_BUCKETS = [1, 2, 4, 8, 16, 32, 64, 128, 256, 1_000];

export interface ModelServerMetrics extends Pick<VersionMetrics, 'performed' | 'scored' | 'versions'> {
  /** A risk was answered. */
  predicted(version: string, risk: number): void;
  /** A model took over. */
  tookOver(): void;
  /** A shadow question found no room. */
  dropped(): void;
  /** A model was refused. */
  refused(): void;
  /** A request found the queue full. */
  refusedAsFull(): void;
  /** Asks how many questions wait whenever metrics are read. */
  watchQueue(waiting: () => number): void;
  learned(events: Tally): void;
  /** Asks for the lag whenever metrics are read. Without a feed there is no such metric. */
  watchLag(seconds: () => number): void;
  checked(report: MonitorReport): void;
}

export function modelServerMetrics(registry: Registry): ModelServerMetrics {
  const registers = [registry];
  const byVersion = versionMetrics(registry);
  const windowsChecked = monitorMetrics(registry);
  const risk = new Histogram({
    name: 'model_server_risk',
    help: 'Predicted risks.',
    buckets: RISK_BUCKETS,
    registers,
  });
  const swaps = new Counter({ name: 'model_server_swaps_total', help: 'Models that took over.', registers });
  const refusals = new Counter({
    name: 'model_server_refused_models_total',
    help: 'Models that the registry names and this server refuses.',
    registers,
  });
  const full = new Counter({
    name: 'model_server_refused_requests_total',
    help: 'Requests that found the queue of predictions full and were answered 429.',
    registers,
  });
  const rows = new Histogram({
    name: 'model_server_batch_rows',
    help: 'Flights that passed through the network together.',
    buckets: ROWS_BUCKETS,
    registers,
  });
  const dropped = new Counter({
    name: 'model_server_dropped_shadows_total',
    help: 'Questions that could not be asked in the shadow of an answer, because too many waited.',
    registers,
  });
  const events = new Counter({
    name: 'model_server_feed_events_total',
    help: 'Events of the feed, by what they did.',
    labelNames: ['result'],
    registers,
  });
  for (const result of ['learned', 'in history', 'duplicate', 'nonsense']) events.inc({ result }, 0);
  const psi = new Gauge({ name: 'model_server_drift_psi', help: 'PSI of the predicted risks.', registers });
  const area = new Gauge({
    name: 'model_server_live_auc',
    help: 'AUC over the last landed flights.',
    registers,
  });
  // No value is better than a 0 that nobody measured.
  psi.remove();
  area.remove();

  return {
    ...byVersion,
    predicted(version, each) {
      byVersion.predicted(version);
      risk.observe(each);
    },
    tookOver: () => swaps.inc(),
    refused: () => refusals.inc(),
    refusedAsFull: () => full.inc(),
    scored(batch) {
      byVersion.scored(batch);
      if (batch.purpose === 'answer') rows.observe(batch.rows);
    },
    dropped: () => dropped.inc(),
    watchQueue(waiting) {
      const gauge: Gauge = new Gauge({
        name: 'model_server_waiting_requests',
        help: 'Requests that wait for their predictions.',
        registers,
        collect: () => gauge.set(waiting()),
      });
    },
    learned(tally) {
      for (const [result, count] of Object.entries(tally)) events.inc({ result }, count);
    },
    watchLag(seconds) {
      const lag: Gauge = new Gauge({
        name: 'model_server_feed_lag_seconds',
        help: 'Seconds since the end of the feed was seen.',
        registers,
        collect: () => lag.set(seconds()),
      });
    },
    checked(report) {
      const { drift, performance } = report;
      windowsChecked(report);
      setOrRemove(psi, drift.psi);
      setOrRemove(area, performance?.auc ?? null);
    },
  };
}

function setOrRemove(gauge: Gauge, value: number | null): void {
  if (value === null) gauge.remove();
  else gauge.set(value);
}
