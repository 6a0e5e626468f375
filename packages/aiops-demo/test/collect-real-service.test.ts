/** The signals name metrics and labels that somebody else writes: here a real service of ours writes them. */
import { createApi, createLogger, createMetrics, createService, listen, problem } from 'service-chassis';
import type { Listening } from 'service-chassis';
import { Writable } from 'node:stream';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { chooseSource } from '../src/collect/choose-source.js';
import { fetchText } from '../src/collect/fetch-text.js';
import { signals } from '../src/signals.js';

const SERVICE = 'model-server';
let running: Listening;
/** Called when a request that will hang has reached the service. */
let hanging = (): void => {};

beforeAll(async () => {
  const stream = new Writable({ write: (_line, _encoding, done) => done() });
  const logger = createLogger({ service: SERVICE, stream });
  const app = createService({
    name: SERVICE,
    logger,
    registry: createMetrics({ service: SERVICE }),
    api: createApi({ title: SERVICE, version: '0.1.0' }),
    routes: (router) => {
      router.post('/v1/predict', (request, response) => {
        const { how } = request.body as { how: string };
        if (how === 'fail') throw problem(500, 'Injected', 'Fails because it was asked to.');
        if (how === 'answer') response.json({});
        else hanging();
      });
      router.get('/v1/model', (_request, response) => response.json({}));
    },
  });
  running = await listen(app, { host: '127.0.0.1', port: 0, logger });
});
afterAll(async () => running.close());

const predict = async (how: 'answer' | 'fail' | 'hang', signal?: AbortSignal) =>
  fetch(`${running.url}/v1/predict`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ how }),
    ...(signal && { signal }),
  });

/** The client gives up; the service counts it a moment later, so ask until it has. */
async function abandonOne(): Promise<void> {
  const client = new AbortController();
  hanging = () => client.abort(new Error('gives up'));
  await expect(predict('hang', client.signal)).rejects.toThrow('gives up');
  await expect
    .poll(async () => (await fetch(`${running.url}/metrics`)).text())
    .toContain('http_response_status_code="499"');
}

test('rate, errors, latency and process signals are found in what a service of ours exposes', async () => {
  const source = chooseSource({
    signals: signals.filter(({ service }) => service === SERVICE),
    fetchText,
    prometheusUrl: undefined,
    targets: [{ job: SERVICE, url: running.url }],
  });
  // Traffic before the first scrape: a counter that is born later hides its first step, and one that was 0 a moment
  // ago is stretched less than the others.
  await abandonOne();
  for (let i = 0; i < 12; i += 1) await predict('answer');
  for (let i = 0; i < 2; i += 1) await predict('fail');
  await source.sample(100_000);
  for (let i = 0; i < 6; i += 1) await predict('answer');
  await predict('fail');
  await fetch(`${running.url}/v1/model`);
  const second = await source.sample(102_000);

  const found = Object.fromEntries(second.map(({ signalId, value }) => [signalId, value]));
  expect(found['model-server/up']).toBe(1);
  expect(found['model-server/error-ratio']).toBeCloseTo(1 / 7, 9);
  expect(found['model-server/request-rate']).toBeGreaterThan(0);
  expect(found['model-server/latency-p95']).toBeGreaterThan(0);
  expect(found['model-server/resident-memory']).toBeGreaterThan(10e6);
  expect(found['model-server/event-loop-lag']).toBeGreaterThan(0);
});

test('an abandoned request counts as an error', async () => {
  const source = chooseSource({
    signals: signals.filter(({ id }) => id === 'model-server/error-ratio'),
    fetchText,
    prometheusUrl: undefined,
    targets: [{ job: SERVICE, url: running.url }],
  });
  await source.sample(200_000);
  await abandonOne();
  const metrics = async () => (await fetch(`${running.url}/metrics`)).text();
  await expect.poll(metrics).toMatch(/_count\{[^}]*"499"\} 2/);
  expect(await source.sample(202_000)).toMatchObject([{ value: 1 }]);
});
