import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { startFakeModelServer } from '../fake-model-server.js';
import type { FakeModelServer } from '../fake-model-server.js';
import { departure, startBoard } from '../harness.js';
import type { Answer, TestBoard } from '../harness.js';

type JsonSchema = Parameters<typeof z.fromJSONSchema>[0];
interface OpenApi {
  openapi: string;
  paths: Record<
    string,
    Record<string, { responses: Record<string, { content?: Record<string, { schema: object }> }> }>
  >;
  components: { schemas: Record<string, object> };
}

let model: FakeModelServer;
let board: TestBoard;
let document: OpenApi;

beforeAll(async () => {
  model = await startFakeModelServer();
  board = await startBoard({ modelServerUrl: model.url });
  document = (await board.get<OpenApi>('/openapi.json')).body;
});
afterAll(async () => {
  await board.close();
  await model.close();
});

/** The schema that the document promises for an answer, with its references put in. */
function documented(method: string, path: string, answer: Answer<unknown>): z.ZodType {
  const responses = document.paths[path]?.[method]?.responses;
  const response = responses?.[String(answer.status)] ?? responses?.['default'];
  const type = String(answer.headers.get('content-type')).replace(/;.*/, '');
  const schema = response?.content?.[type]?.schema;
  expect(schema, `${method} ${path} documents ${answer.status} as ${type}`).toBeDefined();
  return z.fromJSONSchema(inlined(schema) as JsonSchema);
}

function inlined(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(inlined);
  if (typeof node !== 'object' || node === null) return node;
  const reference = (node as { $ref?: string }).$ref;
  if (reference !== undefined)
    return inlined(document.components.schemas[reference.replace('#/components/schemas/', '')]);
  return Object.fromEntries(Object.entries(node).map(([key, value]) => [key, inlined(value)]));
}

function expectAsDocumented(method: string, path: string, answer: Answer<unknown>, status: number): void {
  expect(answer.status).toBe(status);
  const result = documented(method, path, answer).safeParse(answer.body);
  expect(result.error?.issues ?? []).toEqual([]);
}

describe('the OpenAPI document', () => {
  it('is OpenAPI 3.1 and lists every route of the contract', () => {
    expect(document.openapi).toBe('3.1.0');
    const routes = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method} ${path}`),
    );
    expect(routes.sort()).toEqual([
      'delete /v1/faults/{id}',
      'get /livez',
      'get /metrics',
      'get /readyz',
      'get /v1/delivery',
      'get /v1/delivery/dora',
      'get /v1/delivery/slo',
      'get /v1/faults',
      'get /v1/feed',
      'get /v1/flights',
      'get /v1/flights/{flightId}',
      'get /v1/stats',
      'get /version',
      'post /v1/faults',
      'post /v1/flights',
      'put /v1/flights/{flightId}/outcome',
    ]);
  });

  it('describes the answers that are really given, on good days and bad', async () => {
    const outcome = { delayMinutes: 20, landedAt: '2001-02-01T09:31:00-05:00' };
    const outcomePath = '/v1/flights/{flightId}/outcome';
    expectAsDocumented('post', '/v1/flights', await board.depart({ flightId: 'A' }), 201);
    expectAsDocumented('post', '/v1/flights', await board.depart({ flightId: 'A' }), 200);
    expectAsDocumented('post', '/v1/flights', await board.depart({ flightId: 'A', distanceMiles: 1 }), 409);
    expectAsDocumented('post', '/v1/flights', await board.depart({ origin: 'XXX' }), 422);
    const land = async (id: string) => board.send('PUT', `/v1/flights/${id}/outcome`, outcome);
    expectAsDocumented('put', outcomePath, await land('A'), 201);
    expectAsDocumented('put', outcomePath, await land('A'), 200);
    expectAsDocumented('put', outcomePath, await land('nobody'), 404);

    model.behave((response) => void response.writeHead(500).end());
    expectAsDocumented('post', '/v1/flights', await board.depart({ flightId: 'degraded' }), 201);

    expectAsDocumented('get', '/v1/flights', await board.get('/v1/flights?limit=1'), 200);
    expectAsDocumented('get', '/v1/flights', await board.get('/v1/flights?limit=0'), 422);
    expectAsDocumented('get', '/v1/flights/{flightId}', await board.get('/v1/flights/A'), 200);
    expectAsDocumented('get', '/v1/flights/{flightId}', await board.get('/v1/flights/degraded'), 200);
    expectAsDocumented('get', '/v1/flights/{flightId}', await board.get('/v1/flights/nobody'), 404);
    await expect
      .poll(async () => (await board.get<{ events: unknown[] }>('/v1/feed')).body.events)
      .toHaveLength(3);
    expectAsDocumented('get', '/v1/feed', await board.get('/v1/feed'), 200);
    expectAsDocumented('get', '/v1/stats', await board.get('/v1/stats'), 200);
    expectAsDocumented('get', '/v1/delivery', await board.get('/v1/delivery'), 200);
    expectAsDocumented('get', '/v1/delivery/dora', await board.get('/v1/delivery/dora'), 200);
    expectAsDocumented('get', '/v1/delivery/slo', await board.get('/v1/delivery/slo'), 200);
    expectAsDocumented('get', '/readyz', await board.get('/readyz'), 200);
    expectAsDocumented('get', '/version', await board.get('/version'), 200);
  });

  it('would notice an answer with a field too many or too few', async () => {
    const answer = await board.depart({ flightId: 'B' });
    const schema = documented('post', '/v1/flights', answer);
    expect(schema.safeParse({ ...answer.body, extra: 1 }).success).toBe(false);
    expect(schema.safeParse({ ...departure(), outcome: null }).success).toBe(false);
  });

  it('can be read as a page', async () => {
    const response = await fetch(`${board.url}/docs/`);
    expect([response.status, response.headers.get('content-type')]).toEqual([
      200,
      'text/html; charset=utf-8',
    ]);
  });
});
