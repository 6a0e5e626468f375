/** The embedded gateway's admin API: reads and sets the backends; on loopback, with a token. */
import type { Registry } from 'prom-client';
import { createApi, createService, listen, requireToken, validate } from 'service-chassis';
import type { Listening, ServiceOptions } from 'service-chassis';
import { z } from 'zod';
import { problem } from 'service-chassis';
import { messageOf } from 'service-chassis/reason-of';
import { checkBackends } from '../../gateway.js';
import type { Backend, Gateway } from '../../gateway.js';
import { backendsSchema } from '../embedded.js';
import { afterLease } from '../lease.js';
import type { Lease } from '../lease.js';

export interface AdminOptions {
  readonly gateway: Gateway;
  readonly port: number;
  readonly token: string | undefined;
  readonly logger: ServiceOptions['logger'];
  readonly registry: Registry;
  /** Keeps them for the next start, without what is only lent; called before the gateway is told. */
  readonly keep: (backends: readonly Backend[]) => void;
}

export async function startAdmin(options: AdminOptions): Promise<Listening> {
  const { gateway, logger, registry, token } = options;
  let told = '';
  const app = createService({
    name: 'gateway',
    logger,
    registry,
    api: describeAdmin(),
    readiness: { backends: async () => (await gateway.backends()).length > 0 || 'no backend is set' },
    routes(router) {
      router.get('/v1/backends', ...requireToken(token), async (_request, response) => {
        response.json(await gateway.backends());
      });
      router.put('/v1/backends', ...requireToken(token), async (request, response) => {
        const backends = validate(backendsSchema, request.body);
        const lease = leaseOf(validate(leaseSchema, request.query));
        check(backends, lease);
        options.keep(lease === undefined ? backends : afterLease(backends, lease));
        await gateway.setBackends(backends, lease);
        const words = backendWords(backends);
        if (words !== told) logger.info(`backends: ${words}`);
        told = words;
        response.json(backends);
      });
    },
  });
  return listen(app, { host: '127.0.0.1', port: options.port, logger });
}

function describeAdmin() {
  const api = createApi({ title: 'gateway', version: '0.1.0', description: 'Weights of the versions.' });
  const answer = { description: 'The backends', content: { 'application/json': { schema: backendsSchema } } };
  const path = '/v1/backends';
  api.path({ method: 'get', path, summary: 'Which versions get which share', responses: { 200: answer } });
  api.path({
    method: 'put',
    path,
    summary: 'Shift the traffic',
    request: {
      query: leaseSchema,
      body: { required: true, content: { 'application/json': { schema: z.array(backendsSchema.element) } } },
    },
    responses: { 200: answer },
  });
  return api;
}

/** Both or neither. */
const leaseSchema = z.object({
  leaseSeconds: z.coerce.number().positive().max(3_600).optional(),
  fallback: z.string().optional(),
});

function leaseOf({ leaseSeconds, fallback }: z.infer<typeof leaseSchema>): Lease | undefined {
  return leaseSeconds === undefined ? undefined : { seconds: leaseSeconds, fallback: fallback ?? '' };
}

export function backendWords(backends: readonly Backend[]): string {
  return backends.map(({ name, url, weight }) => `${name} ${url} ${weight} %`).join(', ');
}

function check(backends: readonly Backend[], lease: Lease | undefined): void {
  try {
    checkBackends(backends, lease);
  } catch (error) {
    throw problem(422, 'Impossible backends', messageOf(error));
  }
}
