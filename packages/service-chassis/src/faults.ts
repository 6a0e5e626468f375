/**
 * Fault injection: makes a service misbehave on purpose, for a while, and says so.
 *
 * A fault has a label (what, where, from when to when) and counts the requests it touched: a fault that did
 * nothing is a bug in the experiment. Off unless the service was started with TRIOPS_FAULTS=on.
 */
import { randomUUID } from 'node:crypto';
import { Router } from 'express';
import type { RequestHandler } from 'express';
import type { Logger } from 'pino';
import { z } from 'zod';
import type { Credentials } from './credentials.js';
import type { Api } from './openapi.js';
import { problem } from './problem.js';
import { requireToken } from './token.js';
import { validate } from './validate.js';

/** What to inject. `slow`: wait, then answer. `errors`: answer 500 for a share of requests. `hang`: never answer. */
export const faultOrder = z.object({
  name: z.enum(['slow', 'errors', 'hang']),
  seconds: z.number().positive().max(3_600),
  latencyMs: z.number().positive().max(60_000).default(3_000),
  ratio: z.number().positive().max(1).default(1),
});

/** A fault with its label. Times are ISO 8601. */
export interface Fault {
  id: string;
  name: z.infer<typeof faultOrder>['name'];
  where: string;
  startedAt: string;
  endsAt: string;
  latencyMs: number;
  ratio: number;
  /** Requests it has touched so far. */
  touched: number;
}

/** The faults of one service. */
export interface Faults {
  /** GET and POST /v1/faults, DELETE /v1/faults/:id. */
  router: Router;
  /** Applies the active faults. Mount it on the routes that shall suffer. */
  middleware: RequestHandler;
  active(): Fault[];
}

/** How a service's faults are set up. */
export interface FaultOptions {
  service: string;
  enabled: boolean;
  token: Credentials;
  logger: Logger;
  /** Chance for `ratio`; injectable for tests. */
  random?: () => number;
}

/** Prepares fault injection for a service. */
export function createFaults(options: FaultOptions): Faults {
  const faults = new Map<string, Fault>();
  const timers = new Map<string, NodeJS.Timeout>();
  const random = options.random ?? Math.random;

  function start(order: z.infer<typeof faultOrder>): Fault {
    const now = Date.now();
    const fault: Fault = {
      id: randomUUID(),
      name: order.name,
      where: options.service,
      startedAt: new Date(now).toISOString(),
      endsAt: new Date(now + order.seconds * 1_000).toISOString(),
      latencyMs: order.latencyMs,
      ratio: order.ratio,
      touched: 0,
    };
    faults.set(fault.id, fault);
    const timer = setTimeout(() => end(fault.id), order.seconds * 1_000);
    timer.unref();
    timers.set(fault.id, timer);
    options.logger.warn({ fault }, `fault injected: ${fault.name} in ${fault.where} for ${order.seconds} s`);
    return fault;
  }

  function end(id: string): boolean {
    const fault = faults.get(id);
    if (fault === undefined) return false;
    faults.delete(id);
    clearTimeout(timers.get(id));
    timers.delete(id);
    options.logger.warn(
      { fault },
      `fault ended: ${fault.name} in ${fault.where} touched ${fault.touched} requests`,
    );
    return true;
  }

  const middleware: RequestHandler = (_request, response, next) => {
    const hit = [...faults.values()].filter((fault) => random() < fault.ratio);
    for (const fault of hit) fault.touched += 1;
    if (hit.some((fault) => fault.name === 'hang')) return;
    const errors = hit.find((fault) => fault.name === 'errors');
    const proceed = () => {
      if (errors === undefined) next();
      else next(problem(500, 'Injected error', `Fault ${errors.id} is active in ${errors.where}.`));
    };
    const waitMs = Math.max(
      0,
      ...hit.filter((fault) => fault.name === 'slow').map((fault) => fault.latencyMs),
    );
    if (waitMs === 0) {
      proceed();
      return;
    }
    const timer = setTimeout(proceed, waitMs);
    response.once('close', () => clearTimeout(timer));
  };

  return { router: faultRoutes(options, faults, start, end), middleware, active: () => [...faults.values()] };
}

function faultRoutes(
  options: FaultOptions,
  faults: Map<string, Fault>,
  start: (order: z.infer<typeof faultOrder>) => Fault,
  end: (id: string) => boolean,
): Router {
  const router = Router();
  const allowed: RequestHandler = (_request, _response, next) => {
    if (options.enabled) next();
    else throw problem(403, 'Faults are off', 'Start the service with TRIOPS_FAULTS=on to inject faults.');
  };
  router.get('/v1/faults', (_request, response) => {
    response.json({ faults: [...faults.values()] });
  });
  router.post('/v1/faults', ...requireToken(options.token), allowed, (request, response) => {
    response.status(201).json(start(validate(faultOrder, request.body)));
  });
  router.delete('/v1/faults/:id', ...requireToken(options.token), (request, response) => {
    const { id } = request.params as { id: string };
    if (!end(id)) throw problem(404, 'Unknown fault', `No active fault has the id "${id.slice(0, 64)}".`);
    response.status(204).end();
  });
  return router;
}

/** Describes the fault endpoints in a service's OpenAPI document. */
export function describeFaults(api: Api): void {
  const fault = z.object({
    id: z.string(),
    name: z.string(),
    where: z.string(),
    startedAt: z.string(),
    endsAt: z.string(),
    latencyMs: z.number(),
    ratio: z.number(),
    touched: z.number(),
  });
  const json = (schema: z.ZodType) => ({ content: { 'application/json': { schema } } });
  api.path({
    method: 'get',
    path: '/v1/faults',
    summary: 'Active faults',
    tags: ['faults'],
    responses: { 200: { description: 'The faults', ...json(z.object({ faults: z.array(fault) })) } },
  });
  api.path({
    method: 'post',
    path: '/v1/faults',
    summary: 'Inject a fault',
    tags: ['faults'],
    request: { body: json(faultOrder) },
    responses: { 201: { description: 'Injected', ...json(fault) } },
  });
  api.path({
    method: 'delete',
    path: '/v1/faults/{id}',
    summary: 'End a fault',
    tags: ['faults'],
    request: { params: z.object({ id: z.string() }) },
    responses: { 204: { description: 'Ended' } },
  });
}
