/** The replay's own HTTP side: GET /v1/replay, health and metrics. It takes no orders. */
import { createApi, createService } from 'service-chassis';
import type { ServiceOptions } from 'service-chassis';
import { z } from 'zod';
import type { ReplayStatus } from './status.js';

export interface ReplayServerOptions extends Pick<
  ServiceOptions,
  'logger' | 'registry' | 'commit' | 'readiness'
> {
  readonly version: string;
  readonly status: () => ReplayStatus;
}

const statusSchema = z.object({
  simulatedTime: z.string(),
  speed: z.number(),
  flights: z.number().int(),
  outcomes: z.number().int(),
  pending: z.number().int(),
  state: z.enum(['starting', 'replaying', 'waiting', 'finished']),
  because: z.string(),
});

export function createReplayServer(options: ReplayServerOptions): ReturnType<typeof createService> {
  const { status, ...service } = options;
  const { version } = service;
  const api = createApi({ title: 'replay', version, description: 'Plays recorded flights in time order.' });
  api.path({
    method: 'get',
    path: '/v1/replay',
    summary: 'Where the replay is',
    responses: {
      200: { description: 'The replay', content: { 'application/json': { schema: statusSchema } } },
    },
  });
  return createService({
    ...service,
    name: 'replay',
    api,
    routes: (router) => {
      router.get('/v1/replay', (_request, response) => {
        response.json(status());
      });
    },
  });
}
