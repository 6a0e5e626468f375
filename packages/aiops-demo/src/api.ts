/** The OpenAPI document of aiops-demo, and the queries its routes accept. */
import { createApi } from 'service-chassis';
import { z } from 'zod';
import { alertmanagerWebhook } from './correlate/alertmanager.js';
import { forecastView } from './forecast/view-forecast.js';
import { MOST_POINTS } from './history.js';
import { qualityView } from './quality/view-quality.js';
import { changeNote } from './recent-changes.js';
import { anomalyView, incidentView, signalView, templateView } from './views.js';

export const signalsQuery = z.object({ points: z.coerce.number().int().min(1).max(MOST_POINTS).default(90) });
export const templatesQuery = z.object({ limit: z.coerce.number().int().min(1).max(1_000).default(100) });
export const incidentsQuery = z.object({ state: z.enum(['open', 'closed']).optional() });

export function describeApi(version = '0.1.0'): ReturnType<typeof createApi> {
  const api = createApi({
    title: 'aiops-demo',
    version,
    description: 'Telemetry in; incidents with causes out.',
  });
  const json = (schema: z.ZodType) => ({ content: { 'application/json': { schema } } });
  const get = (path: string, summary: string, schema: z.ZodType, request = {}) =>
    api.path({
      method: 'get',
      path,
      summary,
      request,
      responses: { 200: { description: summary, ...json(schema) } },
    });
  api.path({
    method: 'post',
    path: '/v1/logs',
    summary: 'Take log records: OTLP/HTTP with JSON',
    request: { body: json(z.object({ resourceLogs: z.array(z.looseObject({})) })) },
    responses: {
      200: {
        description: 'Taken; says what was rejected',
        ...json(z.object({ partialSuccess: z.looseObject({}) })),
      },
    },
  });
  api.path({
    method: 'post',
    path: '/v1/alerts',
    summary: 'Take alerts: the webhook of Alertmanager, version 4. Needs the bearer token',
    request: { body: json(alertmanagerWebhook) },
    responses: {
      202: { description: 'Taken for the next evaluation', ...json(z.object({ taken: z.number().int() })) },
    },
  });
  api.path({
    method: 'post',
    path: '/v1/changes',
    summary: 'Take a change: a release, a configuration. Needs the bearer token',
    request: { body: json(changeNote) },
    responses: { 202: { description: 'Counts when a cause is looked for', ...json(changeNote) } },
  });
  get('/v1/signals', 'All signals with their last values', z.object({ signals: z.array(signalView) }), {
    query: signalsQuery,
  });
  get('/v1/templates', 'Log templates, most frequent first', z.object({ templates: z.array(templateView) }), {
    query: templatesQuery,
  });
  get('/v1/anomalies', 'What is unusual now', z.object({ anomalies: z.array(anomalyView) }));
  get(
    '/v1/forecasts',
    'Which limits will be reached, how probably, and when',
    z.object({ forecasts: z.array(forecastView) }),
  );
  get('/v1/quality', 'What is wrong with the telemetry, and what could not be judged', qualityView);
  get('/v1/incidents', 'Incidents, newest first', z.object({ incidents: z.array(incidentView) }), {
    query: incidentsQuery,
  });
  get('/v1/incidents/{id}', 'One incident', incidentView, { params: z.object({ id: z.string() }) });
  get('/v1/pipeline', 'What each stage did last', z.looseObject({ stages: z.array(z.looseObject({})) }));
  return api;
}
