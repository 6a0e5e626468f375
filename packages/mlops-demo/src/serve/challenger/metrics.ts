/** Metrics by model version. At most two versions are at work, so at most two have labels: a version that goes takes its series along. */
import { Counter, Gauge, Histogram } from 'prom-client';
import type { Registry } from 'prom-client';
import type { ScoredBatch } from '../micro-batch.js';
import type { Performance } from '../monitor-report.js';
import type { Serving } from '../serving.js';

/** A pass of one row takes some hundred microseconds, one of a thousand some milliseconds. */
const SECONDS_BUCKETS = [0.000_1, 0.000_25, 0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.1];

export interface VersionMetrics {
  /** A risk was answered. */
  predicted(version: string): void;
  /** A batch passed through a network, or did not. */
  scored(batch: ScoredBatch<Serving>): void;
  /** How right a version is, on landed flights. */
  performed(version: string, performance: Performance | null): void;
  /** The versions at work: the series of all others end. */
  versions(versions: readonly (string | undefined)[]): void;
}

export function versionMetrics(registry: Registry): VersionMetrics {
  const by = { labelNames: ['model_version'], registers: [registry] };
  const predictions = new Counter({
    name: 'model_server_predictions_total',
    help: 'Flights whose risk was predicted.',
    ...by,
  });
  const shadows = new Counter({
    name: 'model_server_shadow_predictions_total',
    help: 'Flights that a version judged while another one answered.',
    ...by,
  });
  const errors = new Counter({
    name: 'model_server_prediction_errors_total',
    help: 'Flights for which a version had no risk.',
    ...by,
  });
  const seconds = new Histogram({
    name: 'model_server_scoring_seconds',
    help: 'Time that a batch took in the network of a version.',
    buckets: SECONDS_BUCKETS,
    ...by,
  });
  const loss = new Gauge({
    name: 'model_server_version_log_loss',
    help: 'Log loss over the last landed flights that a version judged.',
    ...by,
  });
  const area = new Gauge({
    name: 'model_server_version_auc',
    help: 'AUC over the last landed flights that a version judged.',
    ...by,
  });
  let known: readonly string[] = [];
  /** A batch may end after its version has gone. */
  const isKnown = (version: string) => known.includes(version);

  return {
    predicted(version) {
      if (isKnown(version)) predictions.inc({ model_version: version });
    },
    scored({ model, purpose, rows, seconds: took, error }) {
      const model_version = model.manifest.version;
      if (!isKnown(model_version)) return;
      seconds.observe({ model_version }, took);
      if (error !== undefined) errors.inc({ model_version }, rows);
      else if (purpose === 'shadow') shadows.inc({ model_version }, rows);
    },
    performed(version, performance) {
      const labels = { model_version: version };
      for (const [gauge, value] of [
        [loss, performance?.logLoss],
        [area, performance?.auc],
      ] as const) {
        if (typeof value === 'number') gauge.set(labels, value);
        else gauge.remove(labels);
      }
    },
    versions(versions) {
      const named = versions.filter((version) => version !== undefined);
      for (const gone of known.filter((version) => !named.includes(version)))
        for (const metric of [predictions, shadows, errors, seconds, loss, area])
          metric.remove({ model_version: gone });
      for (const version of named.filter((each) => !known.includes(each)))
        for (const counter of [predictions, shadows, errors]) counter.inc({ model_version: version }, 0);
      known = named;
    },
  };
}
