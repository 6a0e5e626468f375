/**
 * The control room's server (shell): the page, its files, the stream and the same snapshot as plain JSON.
 *
 * It only looks: it has no acting endpoint, and no part needs it.
 */
import { fileURLToPath } from 'node:url';
import type { RequestHandler, Router } from 'express';
import { createApi, createMetrics, createService, listen } from 'service-chassis';
import type { Api, Listening, ServiceOptions } from 'service-chassis';
import { z } from 'zod';
import { withFirstScreen } from './first-screen.js';
import type { Part } from './health.js';
import { roomMetrics } from './metrics.js';
import { loadPage } from './page-files.js';
import type { Page } from './page-files.js';
import type { PartName } from './parts.js';
import { questions } from './questions.js';
import { mergeRoom } from './room.js';
import type { RoomState } from './room.js';
import { startSources } from './sources.js';
import { gatherViewers } from './viewers.js';
import type { Viewers } from './viewers.js';

const NAME = 'control-room';
const BUILT_PAGE = fileURLToPath(new URL('../dist/web/', import.meta.url));
/** Stricter than the chassis: this page needs its own files, its own stream, and nothing else. */
const PAGE_POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; " +
  "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

export interface ControlRoomOptions {
  host: string;
  port: number;
  /** Base address of each part. */
  urls: Record<PartName, string>;
  logger: ServiceOptions['logger'];
  version?: string;
  commit?: string;
  roundMs?: number;
  timeoutMs?: number;
  heartbeatMs?: number;
}

/** Starts to ask the parts and to serve the page. @throws when the page is not built or the port is taken. */
export async function startControlRoom(options: ControlRoomOptions): Promise<Listening> {
  const { logger, version = '0.1.0', commit = 'unknown' } = options;
  const page = await loadPage(BUILT_PAGE);
  const registry = createMetrics({ service: NAME, version, commit });
  const viewers = gatherViewers(options.heartbeatMs);
  const metrics = roomMetrics(registry, () => viewers.count());

  let room = mergeRoom({}, Date.now());
  const app = createService({
    name: NAME,
    version,
    commit,
    logger,
    registry,
    api: describe(version),
    routes: (router) => addRoutes(router, page, viewers, () => room),
  });
  const listening = await listen(app, { host: options.host, port: options.port, logger });

  const sources = startSources({
    ...options,
    onReply: (id, reply) => metrics.recordReply(questions[id].part, reply.kind),
    onRound: (hearing, now) => {
      const next = mergeRoom(hearing, now);
      logChanges(room.parts, next.parts, logger);
      room = next;
      metrics.recordSkipped(viewers.show(JSON.stringify(room)));
    },
  });

  return {
    ...listening,
    async close() {
      viewers.close();
      await Promise.all([sources.stop(), listening.close()]);
    },
  };
}

function addRoutes(router: Router, page: Page, viewers: Viewers, latest: () => RoomState): void {
  const showPage: RequestHandler = (_request, response) => {
    response.setHeader('content-security-policy', PAGE_POLICY);
    response.setHeader('cache-control', 'no-store');
    response.type('html').send(withFirstScreen(page.html, latest()));
  };
  router.get('/', showPage);
  router.get('/events', (_request, response) => viewers.join(response, JSON.stringify(latest())));
  router.get('/v1/room', (_request, response) => {
    response.setHeader('cache-control', 'no-store');
    response.json(latest());
  });
  router.use(page.serveFiles);
}

function describe(version: string): Api {
  const api = createApi({ title: NAME, version, description: 'Shows the three pipelines live.' });
  const answer = (description: string, type: string) => ({
    200: { description, content: { [type]: { schema: z.looseObject({}) } } },
  });
  api.path({ method: 'get', path: '/', summary: 'The page', responses: answer('The page', 'text/html') });
  api.path({
    method: 'get',
    path: '/events',
    summary: 'The room about once a second, as server-sent events named `room`',
    responses: answer('A stream that does not end', 'text/event-stream'),
  });
  api.path({
    method: 'get',
    path: '/v1/room',
    summary: 'The room as it stands now',
    responses: answer('The room', 'application/json'),
  });
  return api;
}

function logChanges(before: Part[], after: Part[], logger: ServiceOptions['logger']): void {
  for (const part of after) {
    const earlier = before.find(({ name }) => name === part.name);
    if (earlier?.state !== part.state) logger.info(`${part.name} is ${part.state}: ${part.because}`);
  }
}
