import { gzipSync } from 'node:zlib';
import { createLogger } from 'service-chassis';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { aiopsConfig, startAiops } from '../src/aiops.js';
import type { Aiops } from '../src/aiops.js';
import { STEP_MS, START, asSamples, dice, healthy, slowModel } from './simulation.js';

const logged: string[] = [];
let aiops: Aiops;

beforeAll(async () => {
  const stream = {
    write: (line: string) => void logged.push((JSON.parse(line) as { message: string }).message),
  };
  const logger = createLogger({ service: 'aiops', stream, pretty: false });
  aiops = await startAiops(aiopsConfig.parse({ PORT: 0 }), { logger, now: Date.now, isCollecting: false });
});
afterAll(async () => aiops.close());

interface Answer {
  status: number;
  type: string;
  body: Record<string, unknown> & { errors?: { field: string; fix: string }[] };
}

async function ask(path: string, init: RequestInit = {}): Promise<Answer> {
  const response = await fetch(`${aiops.url}${path}`, init);
  const body = (await response.json()) as Answer['body'];
  return { status: response.status, type: response.headers.get('content-type') ?? '', body };
}

async function post(
  body: NonNullable<RequestInit['body']>,
  headers: Record<string, string> = {},
): Promise<Answer> {
  return ask('/v1/logs', {
    method: 'POST',
    body,
    headers: { 'content-type': 'application/json', ...headers },
  });
}

const line = (text: string, severityNumber = 9) => ({ body: { stringValue: text }, severityNumber });
const logs = (...logRecords: unknown[]) =>
  JSON.stringify({
    resourceLogs: [
      {
        resource: { attributes: [{ key: 'service.name', value: { stringValue: 'flights-api' } }] },
        scopeLogs: [{ logRecords }],
      },
    ],
  });

describe('before the first evaluation', () => {
  test('it is alive, not ready, and says so', async () => {
    expect((await ask('/livez')).status).toBe(200);
    const ready = await ask('/readyz');
    expect(ready.status).toBe(503);
    expect(ready.body['checks']).toEqual({ pipeline: 'the first evaluation has not ended yet' });
    const { body } = await ask('/v1/pipeline');
    expect((body['stages'] as { state: string }[]).map(({ state }) => state)).toEqual(
      Array(8).fill('waiting'),
    );
  });

  test('it says that memory is all it has', () => {
    expect(logged.some((text) => text.startsWith('DATABASE_URL is not set'))).toBe(true);
  });
});

describe('POST /v1/logs', () => {
  test('lines become templates', async () => {
    const sent = await post(
      logs(line('board updated in 12 ms'), line('board updated in 7 ms'), line('bye', 17)),
    );
    expect(sent).toMatchObject({ status: 200, body: { partialSuccess: {} } });
    aiops.evaluate([], START - STEP_MS);
    const { body } = await ask('/v1/templates?limit=1');
    expect(body['templates']).toMatchObject([
      { template: 'board updated in <*> ms', count: 2, services: ['flights-api'], worstSeverity: 'INFO' },
    ]);
  });

  test('gzip is read', async () => {
    const sent = await post(gzipSync(logs(line('zipped'))), { 'content-encoding': 'gzip' });
    expect(sent).toMatchObject({ status: 200, body: { partialSuccess: {} } });
  });

  test('rejected records are counted as the protocol says, with int64 as text', async () => {
    const { status, body } = await post(logs(line('good'), { severityNumber: 99 }));
    expect(status).toBe(200);
    expect(body['partialSuccess']).toMatchObject({ rejectedLogRecords: '1' });
  });

  test.each([
    ['malformed JSON', '{"resourceLogs": [', {}, 400],
    ['OTLP that is not OTLP', '{"hello": "world"}', {}, 422],
    ['traces', '{"resourceSpans": []}', {}, 422],
    ['protobuf', 'xx', { 'content-type': 'application/x-protobuf' }, 415],
    [
      'a bomb: 8 MB that zip to 8 kB',
      gzipSync(`"${' '.repeat(8_000_000)}"`),
      { 'content-encoding': 'gzip' },
      413,
    ],
    ['a body of 10 MB', `"${'x'.repeat(10_000_000)}"`, {}, 413],
    ['gzip that is none', 'not zipped', { 'content-encoding': 'gzip' }, 400],
  ] as [string, NonNullable<RequestInit['body']>, Record<string, string>, number][])(
    '%s is refused',
    async (_what, body, headers, status) => {
      const answer = await post(body, headers);
      expect(answer.status).toBe(status);
      expect(answer.type).toContain('application/problem+json');
    },
  );

  test('a wrong envelope is told which field and how to mend it', async () => {
    const { body } = await post('{"resourceLogs": {}}');
    expect(body.errors?.[0]).toMatchObject({ field: 'resourceLogs' });
  });

  test('more than can be held is refused whole, for the sender to try again', async () => {
    const many = logs(...Array.from({ length: 40_000 }, () => line('x')));
    expect((await post(many)).status).toBe(200);
    const refused = await post(many);
    expect(refused.status).toBe(503);
    aiops.evaluate([], START - STEP_MS / 2);
    expect((await post(many)).status).toBe(200);
    aiops.evaluate([], START - STEP_MS / 4);
  });
});

describe('a slow model, seen through the interface', () => {
  beforeAll(() => {
    const random = dice(1);
    for (let second = 0; second < 76; second += STEP_MS / 1_000) {
      const values = slowModel(healthy(second, random), second - 60);
      aiops.evaluate(asSamples(values, START + second * 1_000), START + second * 1_000);
    }
  });

  test('one incident is open and names the model server first', async () => {
    const { body } = await ask('/v1/incidents?state=open');
    const [incident, ...others] = body['incidents'] as { id: string; causes: { service: string }[] }[];
    expect(others).toEqual([]);
    expect(incident?.causes[0]?.service).toBe('model-server');
    expect(incident).toMatchObject({
      state: 'open',
      closedAt: null,
      openedAt: '2026-01-01T00:01:08.000Z',
      signals: expect.arrayContaining(['flights-api/circuit-state']) as unknown,
    });
    expect((await ask(`/v1/incidents/${incident?.id}`)).body).toEqual(incident);
    expect((await ask('/v1/incidents?state=closed')).body['incidents']).toEqual([]);
  });

  test('signals have points, a state and a reason', async () => {
    const { body } = await ask('/v1/signals?points=5');
    const all = body['signals'] as {
      id: string;
      points: [number, number][];
      state: string;
      because: string;
    }[];
    const circuit = all.find(({ id }) => id === 'flights-api/circuit-state');
    expect(circuit?.state).toBe('anomalous');
    expect(circuit?.points).toHaveLength(5);
    expect(circuit?.because).toBe(
      'expected 0, seen 1, it never varied before, since 2026-01-01T00:01:02.000Z',
    );
  });

  test('anomalies and stages are told', async () => {
    const { body } = await ask('/v1/anomalies');
    expect((body['anomalies'] as { signalId: string }[]).map(({ signalId }) => signalId)).toContain(
      'flights-api/circuit-state',
    );
    expect((await ask('/v1/pipeline')).body['pipeline']).toBe('aiops');
  });

  test('metrics and log lines tell the same', async () => {
    const metrics = await (await fetch(`${aiops.url}/metrics`)).text();
    expect(metrics).toMatch(/^aiops_incidents_open 1$/m);
    expect(metrics).toMatch(/^aiops_incidents_total 1$/m);
    expect(metrics).toMatch(/^aiops_anomalies_total\{signal="flights-api\/circuit-state"\} 1$/m);
    expect(metrics).toMatch(/^aiops_anomalies_total\{signal="replay\/up"\} 0$/m);
    expect(logged.filter((text) => text.startsWith('incident opened: '))).toHaveLength(1);
  });

  test.each(['/v1/incidents/none', '/v1/nothing'])('%s is 404', async (path) => {
    expect((await ask(path)).status).toBe(404);
  });

  test.each(['/v1/incidents?state=ajar', '/v1/templates?limit=-1', '/v1/signals?points=1e9'])(
    '%s is 422',
    async (path) => {
      const { status, body } = await ask(path);
      expect(status).toBe(422);
      expect(body.errors).toHaveLength(1);
    },
  );

  test('the API describes itself', async () => {
    const { body } = await ask('/openapi.json');
    expect(Object.keys(body['paths'] as object)).toEqual(
      expect.arrayContaining(['/v1/logs', '/v1/signals', '/v1/incidents/{id}', '/metrics']),
    );
  });
});
