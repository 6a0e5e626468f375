import { createLogger } from 'service-chassis';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { aiopsConfig, startAiops } from '../src/aiops.js';
import type { Aiops } from '../src/aiops.js';
import { createAlertQueue } from '../src/alert-queue.js';
import { alertmanagerWebhook, decodeAlerts } from '../src/correlate/alertmanager.js';

const TOKEN = 'a-token-for-this-test';
const START = Date.parse('2026-01-01T00:00:00Z');

/** The shape of https://prometheus.io/docs/alerting/latest/configuration/#webhook_config. */
const webhook = (...alerts: object[]) => ({
  version: '4',
  groupKey: '{}:{alertname="BoardDown"}',
  truncatedAlerts: 0,
  status: 'firing',
  receiver: 'aiops',
  groupLabels: { alertname: 'BoardDown' },
  commonLabels: {},
  commonAnnotations: {},
  externalURL: 'http://alertmanager:9093',
  alerts,
});
const boardDown = {
  status: 'firing',
  labels: { alertname: 'BoardDown', job: 'flights-api', severity: 'page' },
  annotations: { summary: 'the board does not answer' },
  startsAt: '2026-01-01T00:00:00.000Z',
  endsAt: '0001-01-01T00:00:00Z',
  generatorURL: 'http://prometheus:9090/graph',
  fingerprint: '0a1b2c3d4e5f6071',
};
const diskFull = {
  ...boardDown,
  labels: { alertname: 'DiskFull', service: 'model-server', severity: 'warning' },
  annotations: {},
  fingerprint: 'ffffffffffffffff',
};

describe('the webhook', () => {
  test('alerts are read with their service, severity and instant', () => {
    const body = alertmanagerWebhook.parse(webhook(boardDown, diskFull));
    expect(decodeAlerts(body)).toEqual([
      {
        fingerprint: '0a1b2c3d4e5f6071',
        source: 'alertmanager',
        service: 'flights-api',
        name: 'BoardDown',
        text: 'the board does not answer',
        severity: 'critical',
        status: 'firing',
        at: START,
      },
      {
        fingerprint: 'ffffffffffffffff',
        source: 'alertmanager',
        service: 'model-server',
        name: 'DiskFull',
        text: 'DiskFull',
        severity: 'warning',
        status: 'firing',
        at: START,
      },
    ]);
  });
});

test('a queue without room refuses the whole and keeps what it has', () => {
  const [one] = decodeAlerts(alertmanagerWebhook.parse(webhook(boardDown)));
  const many = Array.from({ length: 2_000 }, () => one).filter((alert) => alert !== undefined);
  const queue = createAlertQueue();
  expect([queue.offer(many), queue.offer(many)]).toEqual([true, false]);
  expect([queue.take().length, queue.take().length]).toEqual([2_000, 0]);
});

describe('POST /v1/alerts', () => {
  let aiops: Aiops;
  let clock = START;
  const logger = createLogger({ service: 'aiops', stream: { write: () => {} }, pretty: false });
  beforeAll(async () => {
    const config = aiopsConfig.parse({ PORT: 0, TRIOPS_TOKEN: TOKEN });
    aiops = await startAiops(config, { logger, now: () => clock, isCollecting: false });
  });
  afterAll(async () => aiops.close());

  async function post(body: unknown, token: string | null = TOKEN) {
    const headers = {
      'content-type': 'application/json',
      ...(token === null ? {} : { authorization: `Bearer ${token}` }),
    };
    const response = await fetch(`${aiops.url}/v1/alerts`, {
      method: 'POST',
      headers,
      body: JSON.stringify(body),
    });
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  }
  async function incidents() {
    const response = await fetch(`${aiops.url}/v1/incidents`);
    return ((await response.json()) as { incidents: Record<string, unknown>[] }).incidents;
  }
  const evaluateAt = (second: number) => {
    clock = START + second * 1_000;
    aiops.evaluate([], clock);
  };

  test('without the token nobody may', async () => {
    expect((await post(webhook(boardDown), null)).status).toBe(401);
    expect((await post(webhook(boardDown), 'another-token-here')).status).toBe(401);
  });

  test.each([
    ['nonsense', { hello: 'world' }],
    ['another version', { ...webhook(boardDown), version: '3' }],
    ['an instant that is none', webhook({ ...boardDown, startsAt: 'yesterday' })],
    ['labels that are no text', webhook({ ...boardDown, labels: { severity: 5 } })],
  ])('%s is 422 and says which field', async (_what, body) => {
    const answer = await post(body);
    expect(answer.status).toBe(422);
    expect(answer.body).toMatchObject({ title: 'Invalid input' });
    expect(answer.body['errors']).not.toEqual([]);
  });

  test('a warning opens nothing', async () => {
    expect(await post(webhook(diskFull))).toEqual({ status: 202, body: { taken: 1 } });
    evaluateAt(2);
    expect(await incidents()).toEqual([]);
  });

  test('a page opens an incident, which names its service and takes in the warning that waited', async () => {
    await post(webhook(boardDown));
    evaluateAt(4);
    evaluateAt(6);
    const [incident, ...others] = await incidents();
    expect(others).toEqual([]);
    expect(incident).toMatchObject({
      state: 'open',
      title: 'flights-api: first sign. alertmanager: BoardDown: the board does not answer',
    });
    expect(
      (incident?.['causes'] as { service: string }[] | undefined)?.map(({ service }) => service),
    ).toEqual(['model-server', 'flights-api']);
    expect((incident?.['timeline'] as { what: string }[] | undefined)?.map(({ what }) => what)).toEqual([
      'flights-api: first sign. alertmanager: BoardDown: the board does not answer',
      'model-server: joined. alertmanager: DiskFull',
      'opened',
    ]);
  });

  test('it stays open while the page fires, and closes when it was resolved', async () => {
    evaluateAt(120);
    expect((await incidents())[0]).toMatchObject({ state: 'open' });
    await post(webhook({ ...boardDown, status: 'resolved' }));
    evaluateAt(122);
    evaluateAt(136);
    expect((await incidents())[0]).toMatchObject({ state: 'closed' });
  });

  test('a page that comes back within a minute reopens its incident', async () => {
    await post(webhook(boardDown));
    evaluateAt(160);
    const all = await incidents();
    expect(all).toHaveLength(1);
    expect(all[0]).toMatchObject({ state: 'open' });
  });
});

test('a service without a token takes no alerts', async () => {
  const logger = createLogger({ service: 'aiops', stream: { write: () => {} }, pretty: false });
  const aiops = await startAiops(aiopsConfig.parse({ PORT: 0 }), {
    logger,
    now: () => START,
    isCollecting: false,
  });
  const init = { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' };
  expect((await fetch(`${aiops.url}/v1/alerts`, init)).status).toBe(403);
  await aiops.close();
});
