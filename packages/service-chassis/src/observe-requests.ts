/**
 * RED metrics and one log line for each request: rate, errors, duration.
 *
 * The histogram has the name and labels of OpenTelemetry's HTTP semantic conventions
 * (https://opentelemetry.io/docs/specs/semconv/http/http-metrics/). The route label is the pattern
 * (`/v1/flights/:flightId`), never the path: a label with a value for each flight would never end.
 * A request whose client gave up counts with status 499, as nginx does, and with the time it waited.
 * Where a service sums up many equal answers itself, it sets `response.locals.summedUp`: they are measured, and not logged one by one.
 */
import type { Request, RequestHandler, Response } from 'express';
import type { Logger } from 'pino';
import { Gauge, Histogram } from 'prom-client';
import type { Registry } from 'prom-client';
import { currentTrace, withTrace } from './trace.js';

const CLIENT_CLOSED_REQUEST = 499;
const METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);
const SAFE_METHODS = new Set(['GET', 'HEAD', 'OPTIONS']);
/** Asked every second by probes and scrapers. */
const QUIET_PATHS = new Set(['/livez', '/readyz', '/metrics', '/version', '/events']);
/** From a cached read to a client that gave up; dense where objectives usually lie. */
const BUCKETS_SECONDS = [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.3, 0.5, 0.75, 1, 2, 3, 5, 10];

/** Express middleware that measures and logs every request, whichever way it ends. */
export function observeRequests(registry: Registry, logger: Logger): RequestHandler {
  const duration = new Histogram({
    name: 'http_server_request_duration_seconds',
    help: 'Time from the first byte of a request to the end of its answer.',
    labelNames: ['http_request_method', 'http_route', 'http_response_status_code'],
    buckets: BUCKETS_SECONDS,
    registers: [registry],
  });
  // Counted as a plain number, and told only when somebody reads the metrics.
  let active = 0;
  const activeRequests = new Gauge({
    name: 'http_server_active_requests',
    help: 'Requests being handled now.',
    registers: [],
    collect() {
      this.set(active);
    },
  });
  registry.registerMetric(activeRequests);

  return (request, response, next) => {
    const startedAt = performance.now();
    const { path } = request;
    active += 1;
    const trace = currentTrace();
    const finished = () => {
      active -= 1;
      const seconds = (performance.now() - startedAt) / 1_000;
      const status = response.writableFinished ? response.statusCode : CLIENT_CLOSED_REQUEST;
      const method = METHODS.has(request.method) ? request.method : 'OTHER';
      const route = routeOf(request);
      duration.observe(
        { http_request_method: method, http_route: route, http_response_status_code: String(status) },
        seconds,
      );
      if (response.locals['summedUp'] === true) return;
      // The event comes from outside the request's context; its log line carries its trace id all the same.
      withTrace(trace, () => logRequest(logger, { method, route, path, status, seconds }));
    };
    response.once('close', finished);
    next();
  };
}

function routeOf(request: Request): string {
  const route: unknown = (request as { route?: { path?: unknown } }).route?.path;
  return typeof route === 'string' ? `${request.baseUrl}${route}` : 'unmatched';
}

interface Done {
  method: string;
  route: string;
  path: string;
  status: number;
  seconds: number;
}

function logRequest(logger: Logger, done: Done): void {
  const level = levelOf(done);
  if (!logger.isLevelEnabled(level)) return;
  const fields = {
    'http.request.method': done.method,
    'http.route': done.route,
    'http.response.status_code': done.status,
    'event.duration': Math.round(done.seconds * 1e9),
  };
  const milliseconds = (done.seconds * 1_000).toFixed(1);
  logger[level](fields, `${done.method} ${done.route} answered ${done.status} in ${milliseconds} ms`);
}

function levelOf({ method, path, status }: Done): 'trace' | 'warn' | 'debug' | 'info' {
  if (QUIET_PATHS.has(path)) return 'trace';
  if (status >= 500 || status === CLIENT_CLOSED_REQUEST) return 'warn';
  // A read that worked changed nothing and tells nothing that the metrics do not.
  return SAFE_METHODS.has(method) && status < 400 ? 'debug' : 'info';
}

/** True when the answer has begun and can no longer become an error document. */
export function answerHasBegun(response: Response): boolean {
  return response.headersSent;
}
