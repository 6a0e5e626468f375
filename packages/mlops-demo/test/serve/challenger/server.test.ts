import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { chooseBackend } from '../../../src/backend.js';
import { registerModel, transition } from '../../../src/registry/changes/store.js';
import { placeOf } from '../../../src/serve/challenger/assign-flight.js';
import type { ChallengerReport } from '../../../src/serve/challenger/challenger-report.js';
import { board, deploy, emptyRegistry, risksOffline, startServer } from '../harness.js';
import type { TestServer } from '../harness.js';
import { artifactOf, feedEventsOf, flightsOf, randomModel } from '../world.js';

const HISTORY = flightsOf('2001-01-17', 15, 60);
const EVENTS = feedEventsOf(flightsOf('2001-02-01', 2, 300, 5));
const FLIGHTS = EVENTS.filter(({ type }) => type === 'departed').map(
  ({ flightId, origin, destination, departedAt, distanceMiles }) => ({
    flightId,
    origin,
    destination,
    departedAt,
    distanceMiles,
  }),
);
const FIRST = FLIGHTS.slice(0, 100);

beforeAll(async () => {
  await chooseBackend('cpu');
});

async function register(modelsDir: string, version: string, seed: number): Promise<void> {
  await registerModel(modelsDir, await artifactOf(randomModel(seed), version, HISTORY));
}

async function move(
  modelsDir: string,
  version: string,
  to: 'shadow' | 'canary' | 'candidate' | 'archived' | 'production',
  share?: number,
): Promise<void> {
  const wish = { version, to, by: 'person:ada', because: 'a test', at: new Date().toISOString() };
  await transition(modelsDir, share === undefined ? wish : { ...wish, share });
}

/** m-1 in production, m-2 in the registry. */
async function twoModels(
  options: Parameters<typeof startServer>[1] = {},
): Promise<{ modelsDir: string; server: TestServer }> {
  const modelsDir = await emptyRegistry();
  await deploy(modelsDir, randomModel(1), 'm-1', HISTORY);
  await register(modelsDir, 'm-2', 2);
  const server = await startServer(modelsDir, { trialLookMs: 10, ...options });
  await server.ready();
  return { modelsDir, server };
}

const report = async (server: TestServer): Promise<ChallengerReport> => server.json('/v1/challenger');
const offline = (seed: number, flights = FIRST): number[] =>
  risksOffline(randomModel(seed), HISTORY, [], flights);
const close = (risks: number[]): number[] => risks.map((risk) => expect.closeTo(risk, 6) as number);

interface Answer {
  modelVersion: string;
  predictions: { flightId: string; probability: number; modelVersion?: string }[];
}

describe('a challenger in shadow', () => {
  it('is asked about every flight, and no answer changes', async () => {
    const { modelsDir, server } = await twoModels();
    expect(await report(server)).toMatchObject({
      state: 'none',
      champion: 'm-1',
      challenger: null,
      trial: null,
    });
    const before = await server.predict(FIRST);
    await move(modelsDir, 'm-2', 'shadow');
    await expect.poll(async () => (await report(server)).state).toBe('shadow');
    expect(await server.predict(FIRST)).toEqual(before);
    for (const flight of FIRST.slice(0, 20)) await server.predict([flight]);
    await expect
      .poll(async () => server.metric('model_server_shadow_predictions_total{model_version="m-2"}'))
      .toBe(120);
    expect(await server.metric('model_server_predictions_total{model_version="m-2"}')).toBe(0);
    expect(await server.metric('model_server_predictions_total{model_version="m-1"}')).toBe(220);
    expect(await server.metric('model_server_prediction_errors_total{model_version="m-2"}')).toBe(0);
    expect(await report(server)).toMatchObject({
      because: 'm-2 is asked in the shadow of each answer, beside m-1',
      challenger: { version: 'm-2', stage: 'shadow', share: 0, by: 'person:ada' },
      trial: { windows: 0, mostWindows: 10, answered: { champion: 120, challenger: 0 } },
    });
  });

  it('is judged by landed flights beside the champion, and the verdict has its reason', async () => {
    const happening = await board();
    const { modelsDir, server } = await twoModels({ flightsApiUrl: happening.url });
    await move(modelsDir, 'm-2', 'shadow');
    await expect.poll(async () => (await report(server)).state).toBe('shadow');
    for (let from = 0; from < FLIGHTS.length; from += 60)
      await server.predict(FLIGHTS.slice(from, from + 60));
    await expect
      .poll(async () => server.metric('model_server_shadow_predictions_total{model_version="m-2"}'))
      .toBe(600);
    happening.events.push(...EVENTS);
    await expect.poll(async () => (await report(server)).trial?.landed).toBe(600);
    const { trial, performance } = await report(server);
    expect(trial?.logLoss.pairs).toBe(600);
    expect(trial?.logLoss.challenger).toBeGreaterThan(0);
    expect(performance).toMatchObject({ champion: { landed: 600 }, challenger: { landed: 600 } });
    await expect.poll(async () => (await report(server)).trial?.windows).toBeGreaterThan(0);
    const { verdict } = (await report(server)).trial!;
    expect(verdict.checks.map(({ check }) => check)).toContain('log-loss');
    expect(verdict.because.length).toBeGreaterThan(20);
    const loss = async (version: string) =>
      server.metric(`model_server_version_log_loss{model_version="${version}"}`);
    await expect.poll(async () => loss('m-1')).toBeCloseTo(trial?.logLoss.champion ?? NaN, 6);
    await expect.poll(async () => loss('m-2')).toBeCloseTo(trial?.logLoss.challenger ?? NaN, 6);
  });
});

describe('a challenger in canary', () => {
  it('answers its share of the flights, a retry meets the same model, and the answer says which', async () => {
    const { modelsDir, server } = await twoModels();
    await move(modelsDir, 'm-2', 'canary', 0.3);
    await expect.poll(async () => (await report(server)).state).toBe('canary');
    const response = await server.post('/v1/predict', { flights: FIRST });
    const { modelVersion, predictions } = (await response.json()) as Answer;
    const [ofChampion, ofChallenger] = [offline(1), offline(2)];
    const isOwn = FIRST.map(({ flightId }) => placeOf(flightId) < 0.3);
    expect(modelVersion).toBe('m-1');
    expect(predictions).toEqual(
      FIRST.map(({ flightId }, at) => ({
        flightId,
        probability: expect.closeTo((isOwn[at] ? ofChallenger : ofChampion)[at] ?? NaN, 6) as number,
        ...(isOwn[at] ? { modelVersion: 'm-2' } : {}),
      })),
    );
    const own = isOwn.filter(Boolean).length;
    expect(own).toBeGreaterThan(10);
    const one = FIRST[isOwn.indexOf(true)];
    for (let retry = 0; retry < 3; retry++) {
      const answer = (await (await server.post('/v1/predict', { flights: [one] })).json()) as Answer;
      expect(answer.modelVersion).toBe('m-2');
      expect(Object.keys(answer.predictions[0] ?? {})).toEqual(['flightId', 'probability']);
    }
    expect(await server.metric('model_server_predictions_total{model_version="m-2"}')).toBe(own + 3);
    await expect
      .poll(async () => server.metric('model_server_shadow_predictions_total{model_version="m-1"}'))
      .toBe(own + 3);
    const explained = await server.post('/v1/explain', { flights: [one] });
    expect(await explained.json()).toMatchObject({ explanations: [{ modelVersion: 'm-2' }] });
  });

  it("flights without an id are the champion's", async () => {
    const { modelsDir, server } = await twoModels();
    await move(modelsDir, 'm-2', 'canary', 1);
    await expect.poll(async () => (await report(server)).state).toBe('canary');
    expect(await server.predict(FIRST.slice(0, 5))).toEqual(close(offline(2).slice(0, 5)));
    const nameless = FIRST.slice(0, 5).map((flight) => ({ ...flight, flightId: undefined }));
    expect(await server.predict(nameless)).toEqual(close(offline(1).slice(0, 5)));
  });

  it('another share begins another trial', async () => {
    const { modelsDir, server } = await twoModels();
    await move(modelsDir, 'm-2', 'canary', 0.3);
    await expect.poll(async () => (await report(server)).challenger?.share).toBe(0.3);
    await server.predict(FIRST);
    expect((await report(server)).trial?.answered.champion).toBeGreaterThan(0);
    await move(modelsDir, 'm-2', 'canary', 0.6);
    await expect.poll(async () => (await report(server)).challenger?.share).toBe(0.6);
    expect((await report(server)).trial?.answered).toEqual({ champion: 0, challenger: 0 });
  });

  it('promoted, it answers everything, and nobody is asked beside it', async () => {
    const { modelsDir, server } = await twoModels();
    await move(modelsDir, 'm-2', 'canary', 0.5);
    await expect.poll(async () => (await report(server)).state).toBe('canary');
    await move(modelsDir, 'm-2', 'production');
    await expect.poll(async () => report(server)).toMatchObject({ state: 'none', champion: 'm-2' });
    expect(await server.predict(FIRST)).toEqual(close(offline(2)));
    const metrics = await (await server.get('/metrics')).text();
    expect([...new Set(metrics.match(/model_version="[^"]+"/g))]).toEqual(['model_version="m-2"']);
  });
});

describe('challengers come and go', () => {
  it('a damaged one is refused with its reason, and the champion answers alone', async () => {
    const modelsDir = await emptyRegistry();
    await deploy(modelsDir, randomModel(1), 'm-1', HISTORY);
    await register(modelsDir, 'm-2', 2);
    await move(modelsDir, 'm-2', 'shadow');
    const weights = join(modelsDir, 'versions', 'm-2', 'weights.bin');
    const bytes = await readFile(weights);
    bytes.writeUInt8(bytes.readUInt8(100) ^ 0xff, 100);
    await writeFile(weights, bytes);
    const server = await startServer(modelsDir);
    await server.ready();
    await expect.poll(async () => (await report(server)).state).toBe('refused');
    expect((await report(server)).because).toMatch(/^m-2: weights\.bin has .*its manifest says/);
    expect(await server.predict(FIRST)).toEqual(close(offline(1)));
    expect((await server.get('/readyz')).status).toBe(200);
  });

  it("while requests come in: no request is dropped, each answer is one of the two models', and no tensor stays", async () => {
    const { modelsDir, server } = await twoModels();
    await move(modelsDir, 'm-2', 'canary', 0.5);
    await expect.poll(async () => (await report(server)).state).toBe('canary');
    await register(modelsDir, 'm-3', 3);
    const risks: Record<string, number[]> = { 'm-1': offline(1), 'm-2': offline(2), 'm-3': offline(3) };
    const { numTensors } = tf.memory();
    const seen = new Set<string>();
    let wrong = 0;
    const asking = new AbortController();
    const ask = async (first: number): Promise<void> => {
      for (let at = first; !asking.signal.aborted; at = (at + 1) % FIRST.length) {
        const response = await server.post('/v1/predict', { flights: [FIRST[at]] });
        const { modelVersion, predictions } = (await response.json()) as Answer;
        const expected = risks[modelVersion]?.[at] ?? NaN;
        if (response.status !== 200 || !(Math.abs((predictions[0]?.probability ?? NaN) - expected) < 1e-6))
          wrong += 1;
        seen.add(modelVersion);
      }
    };
    const clients = Promise.all([0, 40].map(ask));
    for (const version of ['m-3', 'm-2', 'm-3', 'm-2']) {
      const other = version === 'm-2' ? 'm-3' : 'm-2';
      await move(modelsDir, other, 'candidate');
      await move(modelsDir, version, 'canary', 0.5);
      await expect
        .poll(async () => (await report(server)).challenger?.version, { interval: 5 })
        .toBe(version);
    }
    await expect.poll(() => [...seen].toSorted((a, b) => a.localeCompare(b))).toEqual(['m-1', 'm-2', 'm-3']);
    asking.abort();
    await clients;
    expect(wrong).toBe(0);
    expect(tf.memory().numTensors).toBe(numTensors);
    await move(modelsDir, 'm-2', 'archived');
    await expect.poll(async () => (await report(server)).state).toBe('none');
    // A network has a kernel and a bias in each of its three layers.
    expect(tf.memory().numTensors).toBe(numTensors - 6);
    // Ten changes of stage, each on disk before the next, while the clients ask as fast as they can.
  }, 90_000);
});
