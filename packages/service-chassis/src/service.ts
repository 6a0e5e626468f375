/**
 * The service chassis itself: one Express application with everything a service needs before it does
 * its own work. Pattern: https://microservices.io/patterns/microservice-chassis.html.
 *
 * A request passes, in this order: trace context → metrics and log line → security headers → admission → health
 * and docs → body → the service's own routes → 404 → problem document.
 */
import express, { Router } from 'express';
import type { Express, RequestHandler } from 'express';
import helmet from 'helmet';
import type { Logger } from 'pino';
import type { Registry } from 'prom-client';
import { describeFaults } from './faults.js';
import type { Faults } from './faults.js';
import { healthRoutes } from './health.js';
import type { ReadinessCheck } from './health.js';
import { observeRequests } from './observe-requests.js';
import { describeChassis, docsRoutes } from './openapi.js';
import type { Api } from './openapi.js';
import { answerNotFound, answerProblems, problem } from './problem.js';
import { traceRequests } from './trace.js';

/** What makes one service differ from another. */
export interface ServiceOptions {
  /** `service.name`, for example `flights-api`. */
  name: string;
  version?: string;
  commit?: string;
  logger: Logger;
  registry: Registry;
  /** Adds the service's own routes. */
  routes: (router: Router) => void;
  /** The service's OpenAPI document; the chassis adds its own operations to it. */
  api: Api;
  /** What the service cannot work without. */
  readiness?: Record<string, ReadinessCheck>;
  /** Fault injection, where the service offers it. */
  faults?: Faults;
  /** Adds what refuses a request before its body is read, where there is more to do than can be done. */
  admission?: (router: Router) => void;
  /** Largest body, as body-parser writes sizes; a number is bytes. */
  bodyLimit?: string | number;
  /** Measures and logs each request (default: `observeRequests`). A benchmark of its cost gives another. */
  observe?: RequestHandler;
}

/**
 * Builds the application. It listens to nothing yet: see `listen`.
 *
 * @example createService({ name: 'hello', logger, registry, api, routes: (router) => router.get('/v1/hello', …) })
 */
export function createService(options: ServiceOptions): Express {
  const { name, logger, registry, api } = options;
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.use(closeWhileDraining);
  app.use(traceRequests);
  app.use(options.observe ?? observeRequests(registry, logger));
  app.use(
    helmet({
      contentSecurityPolicy: { directives: { 'upgrade-insecure-requests': null } },
      strictTransportSecurity: false,
    }),
  );
  const admission = Router();
  options.admission?.(admission);
  app.use(admission);
  const { version = '0.1.0', commit = 'unknown', readiness = {} } = options;
  app.use(healthRoutes({ name, version, commit, readiness }));
  app.get('/metrics', async (_request, response) => {
    response.type(registry.contentType).send(await registry.metrics());
  });
  describeChassis(api);
  if (options.faults !== undefined) describeFaults(api);
  app.use(docsRoutes(api));
  app.use(refuseOtherMediaTypes, express.json({ limit: options.bodyLimit ?? '256kb', strict: true }));
  if (options.faults !== undefined) app.use(options.faults.router);
  const router = Router();
  options.routes(router);
  app.use(router);
  app.use(answerNotFound);
  app.use(answerProblems(logger));
  return app;
}

/** While the service drains, each answer tells its client to open the next connection elsewhere. */
const closeWhileDraining: RequestHandler = (request, response, next) => {
  if (request.app.get('draining') === true) response.setHeader('connection', 'close');
  next();
};

const refuseOtherMediaTypes: RequestHandler = (request, _response, next) => {
  // `is` answers null when there is no body at all; a client may also say so with a length of 0.
  if (request.is('application/json') !== false || request.get('content-length') === '0') {
    next();
    return;
  }
  throw problem(415, 'Unsupported media type', 'Bodies are read as application/json only.', {
    errors: [{ field: 'content-type', fix: 'send application/json' }],
  });
};
