/** Shell: the HTTP interface. Log records come in over OTLP, alerts from Alertmanager; signals, templates, anomalies and incidents go out. */
import type { Express, Router } from 'express';
import type { Registry } from 'prom-client';
import { actorOf, createService, problem, requireToken, validate } from 'service-chassis';
import type { createLogger, Credentials, PipelineReport } from 'service-chassis';
import type { AlertQueue } from './alert-queue.js';
import { describeApi, incidentsQuery, signalsQuery, templatesQuery } from './api.js';
import { alertmanagerWebhook, decodeAlerts } from './correlate/alertmanager.js';
import { viewForecast } from './forecast/view-forecast.js';
import type { SignalHistory } from './history.js';
import type { LogQueue } from './log-queue.js';
import { decodeLogs } from './otlp.js';
import type { LogTemplate } from './parse/parse.js';
import type { PipelineRun } from './pipeline.js';
import { viewQuality } from './quality/view-quality.js';
import { changeNote } from './recent-changes.js';
import type { RecentChanges } from './recent-changes.js';
import { STAGES_NOT_YET } from './report/stages.js';
import { viewAnomalies, viewIncident, viewSignal, viewTemplate } from './views.js';

/** What the routes show; the loop in `aiops.ts` keeps it up to date. */
export interface AiopsState {
  latest: PipelineRun | null;
  readonly history: SignalHistory;
  readonly templates: ReadonlyMap<string, LogTemplate>;
  readonly queue: LogQueue;
  readonly alerts: AlertQueue;
  readonly changes: RecentChanges;
}

export interface AppOptions {
  state: AiopsState;
  now: () => number;
  logger: ReturnType<typeof createLogger>;
  registry: Registry;
  version?: string;
  commit?: string;
  /** Who may send alerts and changes: operators and automation; without it nobody. */
  token?: Credentials;
}

/** 4 MB hold some ten thousand lines; collectors send batches of a few hundred. */
const BODY_LIMIT = '4mb';
const RETRY_SECONDS = 2;

export function createApp({ state, now, logger, registry, version, commit, token }: AppOptions): Express {
  return createService({
    name: 'aiops',
    ...(version === undefined ? {} : { version }),
    ...(commit === undefined ? {} : { commit }),
    logger,
    registry,
    api: describeApi(version),
    bodyLimit: BODY_LIMIT,
    readiness: { pipeline: () => state.latest !== null || 'the first evaluation has not ended yet' },
    routes: (router) => {
      addAlertRoute(router, state, token);
      addChangeRoute(router, { state, token, now, logger });
      addRoutes(router, state, now);
    },
  });
}

/** Alerts can open incidents, so sending them is acting. */
function addAlertRoute(router: Router, { alerts }: AiopsState, token: Credentials): void {
  router.post('/v1/alerts', ...requireToken(token), (request, response) => {
    const taken = decodeAlerts(validate(alertmanagerWebhook, request.body));
    if (!alerts.offer(taken)) {
      throw problem(503, 'Too many alerts', 'More alerts came than can be correlated; none was taken.', {
        headers: { 'retry-after': String(RETRY_SECONDS) },
      });
    }
    response.status(202).json({ taken: taken.length });
  });
}

/** A change accuses its service, so telling one is acting, and the log says who did. */
function addChangeRoute(
  router: Router,
  { state: { changes }, token, now, logger }: Pick<AppOptions, 'state' | 'token' | 'now' | 'logger'>,
): void {
  router.post('/v1/changes', ...requireToken(token), (request, response) => {
    const { service, what, at } = validate(changeNote, request.body);
    const change = { service, what, at: at === undefined ? now() : Date.parse(at) };
    changes.note(change);
    const by = actorOf(request);
    logger.info({ 'user.name': by }, `change of ${service} told by ${by}: ${what}`);
    response.status(202).json({ ...change, at: new Date(change.at).toISOString() });
  });
}

function addRoutes(router: Router, state: AiopsState, now: () => number): void {
  router.post('/v1/logs', (request, response) => {
    const { records, rejected, because } = decodeLogs(request.body, now());
    if (!state.queue.offer(records)) {
      throw problem(
        503,
        'Too many logs',
        'More lines came than can be clustered; none of this request was taken.',
        {
          headers: { 'retry-after': String(RETRY_SECONDS) },
        },
      );
    }
    const partialSuccess = { rejectedLogRecords: String(rejected), errorMessage: because };
    response.json({ partialSuccess: rejected === 0 ? {} : partialSuccess });
  });

  router.get('/v1/signals', (request, response) => {
    const { points } = validate(signalsQuery, request.query, 'query');
    const detections = state.latest?.detected.detections ?? [];
    response.json({ signals: detections.map((detection) => viewSignal(detection, state.history, points)) });
  });

  router.get('/v1/templates', (request, response) => {
    const { limit } = validate(templatesQuery, request.query, 'query');
    const mostFirst = [...state.templates.values()].sort((a, b) => b.count - a.count);
    response.json({ templates: mostFirst.slice(0, limit).map(viewTemplate) });
  });

  router.get('/v1/anomalies', (_request, response) => {
    response.json({ anomalies: viewAnomalies(state.latest?.detected.detections ?? []) });
  });

  router.get('/v1/forecasts', (_request, response) => {
    response.json({ forecasts: (state.latest?.forecasted.forecasts ?? []).map(viewForecast) });
  });

  router.get('/v1/quality', (_request, response) => {
    response.json(viewQuality(state.latest?.assessed.report ?? { findings: [], notJudged: [] }));
  });

  router.get('/v1/incidents', (request, response) => {
    const { state: wanted } = validate(incidentsQuery, request.query, 'query');
    const incidents = state.latest?.reported.incidents ?? [];
    const shown = incidents.filter((incident) => wanted === undefined || incident.state === wanted);
    response.json({ incidents: shown.map(viewIncident).reverse() });
  });

  router.get('/v1/incidents/:id', (request, response) => {
    const incident = state.latest?.reported.incidents.find(({ id }) => id === request.params.id);
    if (incident === undefined) throw problem(404, 'Unknown incident', 'No incident has this id.');
    response.json(viewIncident(incident));
  });

  router.get('/v1/pipeline', (_request, response) => {
    response.json(state.latest?.reported.pipeline ?? NOT_YET);
  });
}

const NOT_YET: PipelineReport = {
  pipeline: 'aiops',
  updatedAt: new Date(0).toISOString(),
  stages: [...STAGES_NOT_YET],
};
