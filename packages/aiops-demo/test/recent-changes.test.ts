import { createHash } from 'node:crypto';
import { createLogger } from 'service-chassis';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { aiopsConfig, startAiops } from '../src/aiops.js';
import type { Aiops } from '../src/aiops.js';
import { createRecentChanges } from '../src/recent-changes.js';

const START = Date.parse('2026-01-01T00:00:00Z');
const TOKEN = 'a-token-of-some-length';
/** Named tokens, as a file that TRIOPS_TOKENS_FILE names holds them. */
const NAMED = (['viewer', 'operator', 'automation'] as const).map((role) => ({
  name: role === 'automation' ? 'devops-demo' : `ada-the-${role}`,
  role,
  sha256: createHash('sha256').update(`the token of the ${role}`).digest('hex'),
}));

test('a change is forgotten after an hour, and the oldest of more than 200', () => {
  const changes = createRecentChanges();
  for (let n = 0; n < 250; n += 1) changes.note({ service: 'board', at: n, what: `change ${n}` });
  expect(changes.recent(1_000)).toHaveLength(200);
  expect(changes.recent(1_000)[0]?.what).toBe('change 50');
  expect(changes.recent(60 * 60_000 + 248).map(({ what }) => what)).toEqual(['change 248', 'change 249']);
});

describe('POST /v1/changes', () => {
  let aiops: Aiops;
  const clock = START + 60_000;
  const logged: string[] = [];
  const stream = {
    write: (line: string) => void logged.push((JSON.parse(line) as { message: string }).message),
  };
  const logger = createLogger({ service: 'aiops', stream, pretty: false });
  beforeAll(async () => {
    const named = { TRIOPS_TOKENS: JSON.stringify(NAMED) };
    const config = aiopsConfig.parse({ PORT: 0, TRIOPS_TOKEN: TOKEN, ...named });
    aiops = await startAiops(config, { logger, now: () => clock, isCollecting: false });
  });
  afterAll(async () => aiops.close());

  async function post(path: string, body: unknown, token = TOKEN) {
    const response = await fetch(`${aiops.url}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      body: JSON.stringify(body),
    });
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  }

  test('without the token nobody may', async () => {
    expect((await post('/v1/changes', { service: 'a', what: 'b' }, 'another-token')).status).toBe(401);
  });

  test('a viewer may not; an operator and a program may, and the log says who it was', async () => {
    const change = { service: 'replay', what: 'faster' };
    const viewer = await post('/v1/changes', change, 'the token of the viewer');
    expect(viewer).toMatchObject({
      status: 403,
      body: { title: 'Role needed', detail: expect.stringContaining('person:ada-the-viewer is viewer') },
    });
    expect((await post('/v1/alerts', { version: '4' }, 'the token of the viewer')).status).toBe(403);
    for (const role of ['operator', 'automation'])
      expect((await post('/v1/changes', change, `the token of the ${role}`)).status).toBe(202);
    expect((await post('/v1/changes', change)).status).toBe(202);
    expect(logged.filter((line) => line.startsWith('change of replay'))).toEqual([
      'change of replay told by person:ada-the-operator: faster',
      'change of replay told by devops-demo: faster',
      'change of replay told by bearer-of-TRIOPS_TOKEN: faster',
    ]);
  });

  test.each([
    ['no service', { what: 'release' }],
    ['an instant that is none', { service: 'flights-api', what: 'release', at: 'yesterday' }],
    ['a field that nobody knows', { service: 'flights-api', what: 'release', who: 'me' }],
  ])('%s is refused with the field and the fix', async (_name, body) => {
    const answer = await post('/v1/changes', body);
    expect(answer.status).toBe(422);
    expect(answer.body['errors']).not.toEqual([]);
  });

  test('a release just before the first sign is evidence against its service', async () => {
    const at = new Date(clock - 20_000).toISOString();
    const what = 'release.started flights-api 0.2.0: asked for';
    expect((await post('/v1/changes', { service: 'flights-api', what, at })).status).toBe(202);
    await post('/v1/alerts', {
      version: '4',
      status: 'firing',
      alerts: [
        {
          status: 'firing',
          fingerprint: 'f1',
          labels: { alertname: 'BoardErrors', job: 'flights-api', severity: 'page' },
          startsAt: new Date(clock).toISOString(),
        },
      ],
    });
    aiops.evaluate([], clock);
    const { incidents } = (await (await fetch(`${aiops.url}/v1/incidents`)).json()) as {
      incidents: { causes: { service: string; evidence: string[] }[] }[];
    };
    expect(incidents[0]?.causes[0]?.service).toBe('flights-api');
    expect(incidents[0]?.causes[0]?.evidence.join('\n')).toContain(
      `changed 20 s before the first sign: ${what}`,
    );
  });
});
