/** Observe: asks every service what it knows, once. A service that is silent leaves its piece out; nothing here fails. */
import type { PartName } from '../system.js';
import { readSamples } from 'service-chassis/exposition';
import type { Sample } from 'service-chassis/exposition';
import { quantileOf, seriesOf } from './exposition.js';
import type {
  Attempt,
  DeliveryStage,
  Departure,
  Drift,
  Incident,
  ModelDay,
  Observation,
  Replay,
  Signal,
} from './observation.js';

const ANSWER_TIMEOUT_MS = 1_500;
const LATENCY = 'http_server_request_duration_seconds';
const REGISTER = { http_route: '/v1/flights', http_request_method: 'POST' };

export async function observe(urlOf: (part: PartName) => string, now: number): Promise<Observation> {
  const [
    replay,
    departures,
    release,
    delivery,
    model,
    monitor,
    retraining,
    signals,
    incidents,
    boardMetrics,
    modelMetrics,
    aiopsMetrics,
  ] = await Promise.all([
    json<Replay>(`${urlOf('replay')}/v1/replay`),
    json<{ flights: Departure[] }>(`${urlOf('flights-api')}/v1/flights?limit=1`),
    json<{ version: string; commit: string }>(`${urlOf('flights-api')}/version`),
    json<{ stages: DeliveryStage[] }>(`${urlOf('flights-api')}/v1/delivery`),
    json<{ version?: string; modelVersion?: string }>(`${urlOf('model-server')}/v1/model`),
    json<{ drift?: Drift; windows?: ModelDay[] }>(`${urlOf('model-server')}/v1/monitor`),
    json<{ attempts?: Attempt[] }>(`${urlOf('model-server')}/v1/retrain`),
    json<{ signals: Signal[] }>(`${urlOf('aiops')}/v1/signals`),
    json<{ incidents: Incident[] }>(`${urlOf('aiops')}/v1/incidents`),
    samples(`${urlOf('flights-api')}/metrics`),
    samples(`${urlOf('model-server')}/metrics`),
    samples(`${urlOf('aiops')}/metrics`),
  ]);
  const latest = departures?.flights[0];
  const version = model?.version ?? model?.modelVersion;
  return {
    at: now,
    ...(replay === undefined ? {} : { replay }),
    ...(latest === undefined ? {} : { latest }),
    ...(release === undefined ? {} : { board: { version: release.version, commit: release.commit } }),
    ...(delivery === undefined ? {} : { delivery: delivery.stages }),
    ...(version === undefined ? {} : { model: { version } }),
    ...(monitor?.drift === undefined ? {} : { drift: monitor.drift }),
    ...(monitor?.windows === undefined ? {} : { days: monitor.windows }),
    ...(retraining?.attempts === undefined ? {} : { attempts: retraining.attempts }),
    ...(signals === undefined ? {} : { signals: signals.signals }),
    ...(incidents === undefined ? {} : { incidents: incidents.incidents }),
    ...(boardMetrics === undefined ? {} : { p95LatencyMs: p95LatencyOf(boardMetrics) }),
    counts: {
      ...(boardMetrics === undefined ? {} : boardCounts(boardMetrics)),
      ...(modelMetrics === undefined
        ? {}
        : { predictions: seriesOf(modelMetrics, 'model_server_predictions_total') }),
      ...(aiopsMetrics === undefined ? {} : aiopsCounts(aiopsMetrics)),
    },
  };
}

function p95LatencyOf(metrics: readonly Sample[]): number | undefined {
  const seconds = quantileOf(metrics, LATENCY, 0.95, REGISTER);
  return seconds === undefined ? undefined : Math.round(seconds * 10_000) / 10;
}

function boardCounts(metrics: readonly Sample[]): Observation['counts'] {
  const serverErrors = metrics.filter(
    ({ name, labels }) =>
      name === `${LATENCY}_count` &&
      labels['http_route']?.startsWith('/v1/') === true &&
      labels['http_response_status_code']?.startsWith('5') === true,
  );
  return {
    modelAnswers: seriesOf(metrics, 'flights_api_risk_answers_total', { source: 'model' }),
    baseRateAnswers: seriesOf(metrics, 'flights_api_risk_answers_total', { source: 'base-rate' }),
    boardErrors: seriesOf(serverErrors, `${LATENCY}_count`),
  };
}

function aiopsCounts(metrics: readonly Sample[]): Observation['counts'] {
  return {
    logLines: seriesOf(metrics, 'aiops_log_lines_total'),
    anomalies: seriesOf(metrics, 'aiops_anomalies_total'),
    metricsScraped: seriesOf(metrics, 'aiops_samples_total'),
  };
}

async function samples(url: string): Promise<Sample[] | undefined> {
  const text = await ask(url);
  return text === undefined ? undefined : readSamples(text);
}

async function json<Answer>(url: string): Promise<Answer | undefined> {
  const text = await ask(url);
  try {
    return text === undefined ? undefined : (JSON.parse(text) as Answer);
  } catch {
    return undefined;
  }
}

async function ask(url: string): Promise<string | undefined> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(ANSWER_TIMEOUT_MS) });
    const text = await response.text();
    return response.ok ? text : undefined;
  } catch {
    return undefined;
  }
}
