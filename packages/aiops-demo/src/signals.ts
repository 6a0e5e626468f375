/**
 * The one list of signals: what aiops-demo watches, of which service, and from what size on a change matters.
 *
 * Two sources answer these questions, Prometheus and an own scraper; a test keeps their answers equal.
 * Where a rate, error or latency is asked, it is of the route a user waits for (Google's golden signals, SRE book
 * chapter 6): the board for flights-api, the prediction for model-server, the log intake for aiops. Health probes
 * and the control room's polling would only dilute it. The replay has no such route; its departures are its traffic.
 *
 * A counter first seen with a value above 0 hides that first step from `rate`, in Prometheus as here. Services
 * should therefore start their labelled counters at 0.
 */
import type { LabelMatcher, Query, Selector } from './collect/query.js';

/** The services that are watched; each is the `job` label of its metrics. */
export type ServiceName = 'flights-api' | 'model-server' | 'replay' | 'aiops';

/**
 * What part a signal plays when something breaks.
 * `symptom`: a user notices. `saturation`: a resource fills up. `traffic`: how much is asked of a service.
 * `context`: explains, but is no incident by itself.
 */
export type SignalKind = 'traffic' | 'symptom' | 'saturation' | 'context';

export interface Signal {
  /** Stable and unique: `<service>/<what>`. */
  id: string;
  service: ServiceName;
  title: string;
  unit: 'requests/s' | 'flights/s' | 'failures/s' | 'lines/s' | 'ratio' | 's' | 'bytes' | 'PSI' | 'state';
  kind: SignalKind;
  /** The direction in which it is bad. */
  bad: 'up' | 'down';
  /** A change smaller than this, in the signal's unit, does not matter to anybody, however unusual it is. */
  floor: { change: number; because: string };
  query: Query;
  /** The id of the signal that must have been above 0 before this one is judged: what it was until then is not its normal. */
  after?: string;
}

/** One value of one signal; without a value, the reason. `at` is in milliseconds since 1970. */
export type SignalSample =
  | { signalId: string; at: number; value: number; because?: undefined }
  | { signalId: string; at: number; value: null; because: string };

const FLOORS = {
  traffic: {
    change: 5,
    because: 'the replay sends 12 to 22 departures a second by day; a quarter of that is a loss',
  },
  errors: { change: 0.01, because: 'an objective of 99 % leaves one request in a hundred for errors' },
  latency: { change: 0.1, because: '0.1 s is where an answer stops feeling instant (Nielsen 1993)' },
  up: { change: 0.5, because: 'a service is up (1) or not (0)' },
  degraded: { change: 0.05, because: 'one flight in twenty shown with a base rate in place of its own risk' },
  modelCalls: { change: 0.05, because: 'one retry hides failures below about one call in twenty' },
  circuit: { change: 0.5, because: '0 is closed, 0.5 half-open, 1 open: half a step is a change of state' },
  eventLoop: {
    change: 0.1,
    because: 'a loop blocked for 0.1 s delays every request by as much (Nielsen 1993)',
  },
  memory: { change: 100e6, because: 'a tenth of the 1 GB that the whole system may use' },
  feedLag: {
    change: 30,
    because: 'labels late by half a minute are half a simulated hour at the default speed',
  },
  drift: { change: 0.1, because: 'below a PSI of 0.1 a distribution counts as unchanged (Siddiqi 2006)' },
  replay: { change: 0.5, because: 'one flight in two seconds that did not reach the board' },
  logs: { change: 20, because: 'about one extra line for each departure' },
} as const;

/** 5xx: the service failed. 499: the client gave up waiting, which is the service's failure too. */
const FAILED: LabelMatcher = { matches: '5..|499' };
const BOARD = { http_route: { matches: '/v1/flights.*' } } as const;
const BOARD_WRITES = { ...BOARD, http_request_method: { matches: 'POST|PUT' } } as const;
const PREDICT = { http_route: '/v1/predict' } as const;
const LOG_INTAKE = { http_route: '/v1/logs' } as const;
const P95 = 0.95;

/** All signals, in the order in which a person would look at them. */
export const signals: readonly Signal[] = [
  ...requestSignals('flights-api', BOARD, 'board writes', BOARD_WRITES),
  {
    id: 'flights-api/degraded-ratio',
    service: 'flights-api',
    title: 'Risks answered with the base rate',
    unit: 'ratio',
    kind: 'symptom',
    bad: 'up',
    floor: FLOORS.degraded,
    query: {
      kind: 'ratio',
      part: of('flights-api', 'flights_api_risk_answers_total', { source: 'base-rate' }),
      whole: of('flights-api', 'flights_api_risk_answers_total'),
    },
  },
  {
    id: 'flights-api/model-call-failure-ratio',
    service: 'flights-api',
    title: 'Calls to the model that failed',
    unit: 'ratio',
    kind: 'symptom',
    bad: 'up',
    floor: FLOORS.modelCalls,
    query: {
      kind: 'ratio',
      part: of('flights-api', 'flights_api_model_calls_total', { result: { matchesNot: 'ok' } }),
      whole: of('flights-api', 'flights_api_model_calls_total'),
    },
  },
  {
    id: 'flights-api/circuit-state',
    service: 'flights-api',
    title: 'Circuit to the model (0 closed, 1 open)',
    unit: 'state',
    kind: 'symptom',
    bad: 'up',
    floor: FLOORS.circuit,
    query: { kind: 'gauge', pick: 'max', of: of('flights-api', 'flights_api_circuit_state') },
  },
  ...processSignals('flights-api'),

  ...requestSignals('model-server', PREDICT, 'predictions', PREDICT),
  {
    id: 'model-server/feed-lag',
    service: 'model-server',
    title: 'Feed lag',
    unit: 's',
    kind: 'context',
    bad: 'up',
    floor: FLOORS.feedLag,
    query: { kind: 'gauge', pick: 'max', of: of('model-server', 'model_server_feed_lag_seconds') },
  },
  {
    id: 'model-server/drift-psi',
    service: 'model-server',
    title: 'Drift of the predicted risks',
    unit: 'PSI',
    kind: 'context',
    bad: 'up',
    floor: FLOORS.drift,
    query: { kind: 'gauge', pick: 'max', of: of('model-server', 'model_server_drift_psi') },
  },
  ...processSignals('model-server'),

  {
    id: 'replay/departure-rate',
    service: 'replay',
    title: 'Departures replayed',
    unit: 'flights/s',
    kind: 'traffic',
    bad: 'down',
    floor: FLOORS.traffic,
    query: { kind: 'rate', of: of('replay', 'replay_flights_total') },
  },
  {
    id: 'replay/failure-rate',
    service: 'replay',
    title: 'Replay failures',
    unit: 'failures/s',
    kind: 'symptom',
    bad: 'up',
    floor: FLOORS.replay,
    query: { kind: 'rate', of: of('replay', 'replay_failures_total') },
  },
  ...processSignals('replay'),

  ...requestSignals('aiops', LOG_INTAKE, 'log intake', LOG_INTAKE),
  {
    id: 'aiops/log-line-rate',
    service: 'aiops',
    title: 'Log lines received from all services',
    unit: 'lines/s',
    kind: 'context',
    bad: 'up',
    floor: FLOORS.logs,
    query: { kind: 'rate', of: of('aiops', 'aiops_log_lines_total') },
    // Services that wait for their first flight say little; flights make most lines.
    after: 'replay/departure-rate',
  },
  ...processSignals('aiops'),
];

/** Rate, errors and latency of the requests that matter (RED). */
function requestSignals(
  service: ServiceName,
  requests: Selector['where'],
  timedTitle: string,
  timed: Selector['where'],
): Signal[] {
  const count = 'http_server_request_duration_seconds_count';
  const bucket = 'http_server_request_duration_seconds_bucket';
  const all = of(service, count, requests);
  const failed = of(service, count, { ...requests, http_response_status_code: FAILED });
  return [
    {
      id: `${service}/request-rate`,
      service,
      title: 'Requests',
      unit: 'requests/s',
      kind: 'traffic',
      bad: 'down',
      floor: FLOORS.traffic,
      query: { kind: 'rate', of: all },
    },
    {
      id: `${service}/error-ratio`,
      service,
      title: 'Failed or abandoned requests',
      unit: 'ratio',
      kind: 'symptom',
      bad: 'up',
      floor: FLOORS.errors,
      query: { kind: 'ratio', part: failed, whole: all },
    },
    {
      id: `${service}/latency-p95`,
      service,
      title: `Latency of ${timedTitle}, 95th percentile`,
      unit: 's',
      kind: 'symptom',
      bad: 'up',
      floor: FLOORS.latency,
      query: { kind: 'quantile', quantile: P95, of: of(service, bucket, timed) },
    },
  ];
}

/** Whether the process answers, and what it uses. */
function processSignals(service: ServiceName): Signal[] {
  return [
    {
      id: `${service}/up`,
      service,
      title: 'Up',
      unit: 'state',
      kind: 'symptom',
      bad: 'down',
      floor: FLOORS.up,
      query: { kind: 'gauge', pick: 'min', of: of(service, 'up') },
    },
    {
      id: `${service}/event-loop-lag`,
      service,
      title: 'Event-loop lag, 99th percentile',
      unit: 's',
      kind: 'saturation',
      bad: 'up',
      floor: FLOORS.eventLoop,
      query: { kind: 'gauge', pick: 'max', of: of(service, 'nodejs_eventloop_lag_p99_seconds') },
    },
    {
      id: `${service}/resident-memory`,
      service,
      title: 'Resident memory',
      unit: 'bytes',
      kind: 'saturation',
      bad: 'up',
      floor: FLOORS.memory,
      query: { kind: 'gauge', pick: 'max', of: of(service, 'process_resident_memory_bytes') },
    },
  ];
}

function of(service: ServiceName, metric: string, where: Selector['where'] = {}): Selector {
  return { metric, where: { job: service, ...where } };
}
