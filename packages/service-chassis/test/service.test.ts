import { afterEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { problem, validate } from '../src/index.js';
import { startTestService } from './harness.js';
import type { TestService } from './harness.js';

const running: TestService[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map(async (service) => service.close()));
});

async function start(...options: Parameters<typeof startTestService>): Promise<TestService> {
  const service = await startTestService(...options);
  running.push(service);
  return service;
}

const post = async (
  url: string,
  body: string | Uint8Array<ArrayBuffer>,
  headers: Record<string, string> = {},
) => fetch(url, { method: 'POST', body, headers: { 'content-type': 'application/json', ...headers } });

interface ProblemDocument {
  title: string;
  status: number;
  detail: string;
  requestId: string;
  errors?: { field: string; fix: string }[];
}

describe('health', () => {
  it('is alive while it is not ready, and says what is missing', async () => {
    const service = await start(() => undefined, {
      readiness: {
        database: () => 'the database does not answer',
        cache: async () => Promise.reject(new Error('cold')),
      },
    });
    expect((await fetch(`${service.url}/livez`)).status).toBe(200);
    const ready = await fetch(`${service.url}/readyz`);
    expect(ready.status).toBe(503);
    expect(await ready.json()).toMatchObject({
      checks: { database: 'the database does not answer', cache: 'cold' },
    });
  });

  it('names its build', async () => {
    const service = await start(() => undefined, { version: '1.2.3', commit: 'abc' });
    expect(await (await fetch(`${service.url}/version`)).json()).toMatchObject({
      service: 'test',
      version: '1.2.3',
      commit: 'abc',
    });
  });
});

describe('bad input', () => {
  const schema = z.object({
    flights: z.array(z.object({ origin: z.string().length(3, 'use a code of three letters') })),
  });
  const withRoute = async () =>
    start((router) => {
      router.post('/v1/things', (request, response) => void response.json(validate(schema, request.body)));
    });

  it('malformed JSON is a 400 problem', async () => {
    const service = await withRoute();
    const response = await post(`${service.url}/v1/things`, '{"flights": [');
    expect(response.status).toBe(400);
    expect(response.headers.get('content-type')).toContain('application/problem+json');
    expect(((await response.json()) as ProblemDocument).title).toBe('Malformed JSON');
  });

  it('a wrong field is a 422 problem that names the field and the fix', async () => {
    const service = await withRoute();
    const response = await post(
      `${service.url}/v1/things`,
      JSON.stringify({ flights: [{ origin: 'SEATTLE' }] }),
    );
    expect(response.status).toBe(422);
    const document = (await response.json()) as ProblemDocument;
    expect(document.errors).toEqual([{ field: 'flights[0].origin', fix: 'use a code of three letters' }]);
    expect(document.requestId).toBe(response.headers.get('x-request-id'));
  });

  it('a body of 10 MB is a 413 problem', async () => {
    const service = await withRoute();
    const response = await post(`${service.url}/v1/things`, JSON.stringify({ pad: 'x'.repeat(10_000_000) }));
    expect(response.status).toBe(413);
  });

  it('another media type is a 415 problem', async () => {
    const service = await withRoute();
    const response = await post(`${service.url}/v1/things`, 'a=b', {
      'content-type': 'application/x-www-form-urlencoded',
    });
    expect(response.status).toBe(415);
  });

  it('a path that does not exist is a 404 problem', async () => {
    const service = await withRoute();
    const response = await fetch(`${service.url}/v1/nothing`);
    expect(response.status).toBe(404);
    expect(((await response.json()) as ProblemDocument).detail).toContain('/v1/nothing');
  });

  it('a path with broken percent-encoding is a 400 problem', async () => {
    const service = await start(
      (router) => void router.get('/v1/things/:id', (_request, response) => void response.end()),
    );
    expect((await fetch(`${service.url}/v1/things/%E0%A4%A`)).status).toBe(400);
  });

  it('an unexpected error is told without its details, and logged with them', async () => {
    const service = await start((router) => {
      router.get('/v1/bug', () => {
        throw new Error('secret of the house');
      });
    });
    const response = await fetch(`${service.url}/v1/bug`);
    expect(response.status).toBe(500);
    expect(await response.text()).not.toContain('secret');
    expect(JSON.stringify(service.lines)).toContain('secret of the house');
  });

  it('a problem carries its headers', async () => {
    const service = await start((router) => {
      router.get('/v1/busy', () => {
        throw problem(503, 'Busy', 'Come back.', { headers: { 'retry-after': '5' } });
      });
    });
    expect((await fetch(`${service.url}/v1/busy`)).headers.get('retry-after')).toBe('5');
  });
});

describe('observation', () => {
  it('labels a request by its route pattern, never by its path', async () => {
    const service = await start(
      (router) => void router.get('/v1/things/:id', (_request, response) => void response.json({})),
    );
    await fetch(`${service.url}/v1/things/1`);
    await fetch(`${service.url}/v1/things/2`);
    await fetch(`${service.url}/wp-admin.php`);
    const metrics = await (await fetch(`${service.url}/metrics`)).text();
    expect(metrics).toMatch(
      /duration_seconds_count\{http_request_method="GET",http_route="\/v1\/things\/:id",http_response_status_code="200"\} 2/,
    );
    expect(metrics).toContain('http_route="unmatched"');
    expect(metrics).not.toContain('wp-admin');
  });

  it("writes one log line for each request, with the caller's trace and request id", async () => {
    const service = await start(
      (router) => void router.post('/v1/things', (_request, response) => void response.json({})),
    );
    const traceparent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
    await fetch(`${service.url}/v1/things`, {
      method: 'POST',
      headers: { traceparent, 'x-request-id': 'board-17' },
    });
    await expect
      .poll(() => service.lines.filter((line) => line['http.route'] === '/v1/things'))
      .toHaveLength(1);
    const line = service.lines.find((candidate) => candidate['http.route'] === '/v1/things');
    expect(line).toMatchObject({
      'log.level': 'info',
      'service.name': 'test',
      'trace.id': '4bf92f3577b34da6a3ce929d0e0e4736',
      'http.request.id': 'board-17',
      'http.response.status_code': 200,
    });
  });

  it('logs a read that worked for debugging only, and a refused one for everybody', async () => {
    const service = await start(
      (router) => void router.get('/v1/things', (_request, response) => void response.json({})),
    );
    await fetch(`${service.url}/v1/things`);
    await fetch(`${service.url}/v1/nothing`);
    const levelOf = (status: number) =>
      service.lines.find((line) => line['http.response.status_code'] === status)?.['log.level'];
    await expect.poll(() => levelOf(200)).toBe('debug');
    await expect.poll(() => levelOf(404)).toBe('info');
  });

  it('measures a summed-up answer of the admission under its route, and logs no line for it', async () => {
    const service = await start((router) => void router.post('/v1/things', () => undefined), {
      admission: (router) =>
        void router.post('/v1/things', (_request, response) => {
          response.locals['summedUp'] = true;
          throw problem(429, 'Too many', 'Later.');
        }),
    });
    const headers = { 'content-type': 'application/json' };
    const refused = await fetch(`${service.url}/v1/things`, { method: 'POST', headers, body: 'no JSON' });
    expect(refused.status).toBe(429);
    await expect
      .poll(async () => (await fetch(`${service.url}/metrics`)).text())
      .toContain('http_route="/v1/things",http_response_status_code="429"');
    expect(service.lines.filter((line) => line['http.response.status_code'] === 429)).toEqual([]);
  });

  it('counts a request whose client gave up as 499', async () => {
    const service = await start((router) => void router.get('/v1/never', () => undefined));
    await expect(fetch(`${service.url}/v1/never`, { signal: AbortSignal.timeout(50) })).rejects.toThrow();
    await expect
      .poll(async () => (await fetch(`${service.url}/metrics`)).text())
      .toContain('http_route="/v1/never",http_response_status_code="499"');
  });

  it('does not trust a request id that could forge log lines', async () => {
    const service = await start(() => undefined);
    const response = await fetch(`${service.url}/livez`, { headers: { 'x-request-id': 'a b"c' } });
    expect(response.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
  });
});

describe('documentation', () => {
  it('serves an OpenAPI 3.1 document and a page that loads nothing from elsewhere', async () => {
    const service = await start(() => undefined);
    const document = (await (await fetch(`${service.url}/openapi.json`)).json()) as {
      openapi: string;
      paths: object;
    };
    expect(document.openapi).toBe('3.1.0');
    expect(Object.keys(document.paths)).toContain('/readyz');
    const page = await (await fetch(`${service.url}/docs/`)).text();
    expect(page).toContain('swagger-ui-bundle.js');
    expect(page).not.toMatch(/(src|href)="https?:/);
  });
});
