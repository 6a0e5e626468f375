import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { freePort } from 'service-chassis/free-port';
import { start } from './processes.js';
import type { Running } from './processes.js';
import { INFRASTRUCTURE, isHere, run } from './tools.js';

const FILE = join(INFRASTRUCTURE, 'alertmanager/alertmanager.yml');

test('every alert rule keeps the label by which alerts are grouped and inhibited', () => {
  const { groups } = parse(readFileSync(join(INFRASTRUCTURE, 'prometheus/alerts.yml'), 'utf8')) as {
    groups: { rules: { alert: string; expr: string }[] }[];
  };
  for (const { alert, expr } of groups.flatMap(({ rules }) => rules)) {
    for (const [aggregation] of expr.matchAll(/\bsum\b.{0,5}\(\w+/g)) {
      expect([alert, aggregation]).toEqual([alert, 'sum by (job']);
    }
  }
});

describe.skipIf(!isHere('amtool'))('amtool (skipped where it is not on the path)', () => {
  test('finds no fault in the configuration', () => {
    expect(run('amtool', ['check-config', FILE])).toEqual({
      status: 0,
      said: expect.stringContaining('3 inhibit rules'),
    });
  });

  test.each([
    ['alertname=ServiceDown', 'job=model-server', 'severity=page'],
    ['alertname=PredictionDrift', 'job=model-server', 'severity=ticket'],
  ])('%s of %s is told to aiops-demo', (...labels) => {
    const { said } = run('amtool', ['config', 'routes', 'test', `--config.file=${FILE}`, ...labels]);
    expect(said.split('\n')[0]).toBe('aiops');
  });
});

/** Debian's name for it is the second. */
const PROGRAM = ['alertmanager', 'prometheus-alertmanager'].find((program) => isHere(program));

describe.skipIf(PROGRAM === undefined)('a real Alertmanager (skipped where it is not on the path)', () => {
  const folder = mkdtempSync(join(tmpdir(), 'triops-alertmanager-'));
  const told: { request: IncomingMessage; body: Message }[] = [];
  const receiver = createServer((request, response) => void keep(request, response));
  async function keep(request: IncomingMessage, response: ServerResponse): Promise<void> {
    told.push({ request, body: JSON.parse(await text(request)) as Message });
    response.end();
  }
  let alertmanager: Running;
  let url: string;

  beforeAll(async () => {
    receiver.listen(0, '127.0.0.1');
    url = `http://127.0.0.1:${await freePort()}`;
    const webhook = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}`;
    const config = readFileSync(FILE, 'utf8')
      .replace('http://aiops:8083', webhook)
      .replace('/secrets/token', join(folder, 'token'))
      .replace('group_wait: 5s', 'group_wait: 500ms');
    writeFileSync(join(folder, 'token'), 'a-test-token');
    writeFileSync(join(folder, 'alertmanager.yml'), config);
    const words = [
      `--config.file=${folder}/alertmanager.yml`,
      `--storage.path=${folder}/data`,
      '--cluster.listen-address=',
    ];
    alertmanager = await start(
      PROGRAM ?? '',
      [...words, `--web.listen-address=${new URL(url).host}`],
      `${url}/-/ready`,
    );
  });
  afterAll(async () => {
    await alertmanager.stop();
    receiver.close();
    rmSync(folder, { recursive: true });
  });

  test('tells aiops-demo of one service once, with the token, and leaves the symptoms of its absence unsaid', async () => {
    const labels = [
      { alertname: 'ServiceDown', job: 'flights-api', severity: 'page' },
      { alertname: 'BoardErrors', job: 'flights-api', severity: 'page' },
      { alertname: 'BoardErrorBudgetBurn', job: 'flights-api', severity: 'page' },
      { alertname: 'PredictionDrift', job: 'model-server', severity: 'ticket' },
    ];
    await fetch(`${url}/api/v2/alerts`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(
        labels.map((each) => ({ labels: each, annotations: { summary: each.alertname } })),
      ),
    });
    await expect.poll(() => told.length).toBe(2);
    for (const { request, body } of told) {
      expect([request.method, request.url]).toEqual(['POST', '/v1/alerts']);
      expect(request.headers.authorization).toBe('Bearer a-test-token');
      expect(body).toMatchObject({ version: '4', status: 'firing', receiver: 'aiops' });
    }
    const names = told.map(({ body }) => [
      body.groupLabels['job'],
      body.alerts.map(({ labels: { alertname } }) => alertname),
    ]);
    expect(names.sort(([a], [b]) => String(a).localeCompare(String(b)))).toEqual([
      ['flights-api', ['ServiceDown']],
      ['model-server', ['PredictionDrift']],
    ]);
  });
});

/** The part of Alertmanager's webhook message, version 4, that is looked at here. */
interface Message {
  version: string;
  groupLabels: Record<string, string>;
  alerts: { labels: Record<string, string> }[];
}
