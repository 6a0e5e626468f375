/** Abuse: what a hostile client tries against a real server, and what it gets. Printed as a table at the end. */
import { createHash, randomBytes } from 'node:crypto';
import { connect } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { actorOf, requireToken, validate } from '../src/index.js';
import type { Credentials } from '../src/index.js';
import { startTestService } from './harness.js';
import type { TestService } from './harness.js';
import { MALFORMED, rawRequest, readAll } from './raw-request.js';

/** Far shorter than in service, so that slow attempts end within a test. */
const PATIENCE = { headersMs: 400, requestMs: 800, checkEveryMs: 50 };

const token = (name: string) => `${name}-${'x'.repeat(40)}`;
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
const credentials: Credentials = [
  { name: 'eve', role: 'viewer', sha256: sha256(token('eve')) },
  { name: 'ada', role: 'operator', sha256: sha256(token('ada')) },
  { name: 'aiops-demo', role: 'automation', sha256: sha256(token('aiops-demo')) },
];

const table: { attempt: string; refusal: string }[] = [];
let service: TestService;

beforeAll(async () => {
  service = await startTestService(
    (router) => {
      router.post('/v1/echo', (request, response) => {
        response.json(validate(z.strictObject({ text: z.string().max(1_000) }), request.body));
      });
      router.post('/v1/act', ...requireToken(credentials), (request, response) => {
        response.json({ by: actorOf(request) });
      });
      router.post('/v1/people', ...requireToken(credentials, ['operator']), (request, response) => {
        response.json({ by: actorOf(request) });
      });
      for (const path of ['/v1/guessed', '/v1/often'])
        router.post(path, ...requireToken(credentials), (_request, response) => void response.end());
    },
    { patience: PATIENCE },
  );
});

afterEach(async () => {
  const { status } = await fetch(`${service.url}/livez`);
  if (status !== 200) throw new Error(`abuse: expected the service to live on, it answered ${status}`);
});

afterAll(async () => {
  await service.close();
  const width = Math.max(...table.map(({ attempt }) => attempt.length));
  const lines = table.map(({ attempt, refusal }) => `  ${attempt.padEnd(width)}  ${refusal}`);
  process.stdout.write(`\n${'  attempt'.padEnd(width + 4)}refusal\n${lines.join('\n')}\n`);
});

function note(attempt: string, refusal: string): void {
  table.push({ attempt, refusal });
}

async function post(
  path: string,
  body: string | Uint8Array<ArrayBuffer>,
  headers: Record<string, string> = {},
): Promise<Response> {
  return fetch(`${service.url}${path}`, {
    method: 'POST',
    body,
    headers: { 'content-type': 'application/json', ...headers },
  });
}

const raw = async (bytes: string, drip?: string) => rawRequest(service.port, bytes, drip);

describe('too much', () => {
  const huge = JSON.stringify({ text: 'x'.repeat(5_000_000) });

  it.each<[string, () => Promise<Response>, number]>([
    ['a body of 5 MB', async () => post('/v1/echo', huge), 413],
    [
      'a body of 5 MB that does not tell its length',
      async () =>
        fetch(`${service.url}/v1/echo`, {
          method: 'POST',
          body: new Blob([huge]).stream(),
          headers: { 'content-type': 'application/json' },
          duplex: 'half',
        } as RequestInit),
      413,
    ],
    [
      'a bomb: 5 MB packed into 5 kB',
      async () => post('/v1/echo', new Uint8Array(gzipSync(huge)), { 'content-encoding': 'gzip' }),
      413,
    ],
    [
      'JSON nested 100,000 deep',
      async () => post('/v1/echo', `${'['.repeat(100_000)}${']'.repeat(100_000)}`),
      422,
    ],
    [
      'a text longer than its field allows',
      async () => post('/v1/echo', JSON.stringify({ text: 'x'.repeat(2_000) })),
      422,
    ],
  ])('%s is refused', async (attempt, send, status) => {
    const response = await send();
    note(attempt, `${response.status} ${((await response.json()) as { title: string }).title}`);
    expect(response.status).toBe(status);
  });

  it.each([
    ['one header of 100 kB', `x: ${'y'.repeat(100_000)}\r\n`],
    ['10,000 headers', Array.from({ length: 10_000 }, (_, n) => `x-${n}: y\r\n`).join('')],
    ['an address of 100 kB', ''],
  ])('%s is refused', async (attempt, headers) => {
    const path = headers === '' ? `/${'z'.repeat(100_000)}` : '/livez';
    const answer = await raw(`GET ${path} HTTP/1.1\r\nhost: x\r\n${headers}\r\n`);
    note(attempt, answer);
    expect(answer).toBe('HTTP/1.1 431 Request Header Fields Too Large');
  });
});

describe('too slow', () => {
  it.each([
    ['headers that never end (slowloris)', 'GET /livez HTTP/1.1\r\nhost: x\r\n', 'x: y\r\n'],
    [
      'a body that drips',
      'POST /v1/echo HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 10000\r\n\r\n',
      'x',
    ],
    ['a connection that begins and says no more', 'GET /livez', ''],
  ])('%s is cut off', async (attempt, begin, drip) => {
    const answer = await raw(begin, drip);
    note(attempt, answer);
    expect(answer).toBe('HTTP/1.1 408 Request Timeout');
  });

  it('500 connections that begin and say no more keep nobody else waiting', async () => {
    const sockets = Array.from({ length: 500 }, () => connect(service.port, '127.0.0.1'));
    const closed = sockets.map(readAll);
    for (const socket of sockets) socket.write('GET /livez HTTP/1.1\r\n');
    expect((await fetch(`${service.url}/livez`)).status).toBe(200);
    const answers = await Promise.all(closed);
    note('500 such connections at once', 'others are served meanwhile; all 500 are cut off');
    expect(answers.every((answer) => answer === '' || answer.startsWith('HTTP/1.1 408'))).toBe(true);
  });
});

describe('malformed', () => {
  it.each(MALFORMED)('%s is refused', async (attempt, rest) => {
    const answer = await raw(`POST /v1/echo HTTP/1.1\r\nhost: x\r\n${rest}`);
    note(attempt, answer);
    expect(answer).toBe('HTTP/1.1 400 Bad Request');
  });

  it('bytes that are no HTTP are refused', async () => {
    const answer = await raw(`${randomBytes(64).toString('base64')}\r\n\r\n`);
    note('bytes that are no HTTP', answer);
    expect(answer).toBe('HTTP/1.1 400 Bad Request');
  });

  it.each([
    ['a key named __proto__', '{"__proto__": {"admin": true}, "text": "x"}', 'application/json', 422],
    ['half a JSON document', '{"text": ', 'application/json', 400],
    ['a form instead of JSON', 'text=x', 'application/x-www-form-urlencoded', 415],
  ])('%s is refused', async (attempt, body, type, status) => {
    const response = await post('/v1/echo', body, { 'content-type': type });
    note(attempt, `${response.status} ${((await response.json()) as { title: string }).title}`);
    expect(response.status).toBe(status);
    expect(({} as { admin?: boolean }).admin).toBeUndefined();
  });

  it.each(['/docs/..%2f..%2fpackage.json', '/docs/%2e%2e/%2e%2e/package.json', '/../../etc/passwd'])(
    'the path %s leads nowhere',
    async (path) => {
      const answer = await raw(`GET ${path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n`);
      note(`the path ${path}`, answer);
      expect(answer).toMatch(/^HTTP\/1\.1 40[034] /);
    },
  );
});

describe('without the right to', () => {
  const bearer = (given: string) => ({ authorization: `Bearer ${given}` });

  it.each<[string, string, Record<string, string>, number]>([
    ['acting without a token', '/v1/act', {}, 401],
    ['acting with a wrong token', '/v1/act', bearer('guess'), 401],
    ['acting with the token in the address', `/v1/act?access_token=${token('ada')}`, {}, 401],
    ['acting with the hash instead of the token', '/v1/act', bearer(sha256(token('ada'))), 401],
    ['a viewer who acts', '/v1/act', bearer(token('eve')), 403],
    ['a program where a person is needed', '/v1/people', bearer(token('aiops-demo')), 403],
  ])('%s is refused', async (attempt, path, headers, status) => {
    const response = await post(path, '{}', headers);
    note(attempt, `${response.status} ${((await response.json()) as { title: string }).title}`);
    expect(response.status).toBe(status);
  });

  it.each([
    ['ada', '/v1/people', 'person:ada'],
    ['ada', '/v1/act', 'person:ada'],
    ['aiops-demo', '/v1/act', 'aiops-demo'],
  ])('%s may use %s, and is known as %s', async (who, path, by) => {
    const response = await post(path, '{}', bearer(token(who)));
    expect([response.status, await response.json()]).toEqual([200, { by }]);
  });

  it('guessing tokens ends after 120 attempts in a minute, and keeps nobody out who may act', async () => {
    const statuses: number[] = [];
    for (let n = 0; n < 130; n += 1)
      statuses.push((await post('/v1/guessed', '{}', bearer(`guess ${n}`))).status);
    note(
      '130 guessed tokens',
      `${statuses.filter((s) => s === 401).length} × 401, then 429 Too many requests`,
    );
    expect(statuses.indexOf(429)).toBe(120);
    expect((await post('/v1/guessed', '{}', bearer(token('ada')))).status, 'from the same address').toBe(200);
    expect((await post('/v1/guessed', '{}', bearer('guess again'))).status).toBe(429);
  });

  it('whoever may act is not counted, however often', async () => {
    const statuses = new Set<number>();
    for (let n = 0; n < 130; n += 1)
      statuses.add((await post('/v1/often', '{}', bearer(token('ada')))).status);
    expect([...statuses]).toEqual([200]);
  });
});
