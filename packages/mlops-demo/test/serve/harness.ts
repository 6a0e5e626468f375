/** Starts real model servers on port 0 over registries in temporary folders, and talks to them as a client does. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLogger } from 'service-chassis';
import type { Listening } from 'service-chassis';
import { expect, onTestFinished } from 'vitest';
import { FlightFeatures } from '../../src/features/flight-features.js';
import type { FrozenTimetable } from '../../src/features/frozen-timetable.js';
import { landingMinutes } from '../../src/flights.js';
import type { FlightEvent, LandingMinutes } from '../../src/flights.js';
import { scoreBatch } from '../../src/model.js';
import type { DelayModel } from '../../src/model.js';
import { warmFeatures } from '../../src/registry/history.js';
import type { ModelManifest } from '../../src/registry/manifest.js';
import { registerModel } from '../../src/registry/changes/store.js';
import { pointProduction } from '../registry/point-production.js';
import { inMinutes } from '../../src/serve/predict-request.js';
import type { FlightInQuestion } from '../../src/serve/predict-request.js';
import { startModelServer } from '../../src/serve/server.js';
import type { ModelServerOptions } from '../../src/serve/server.js';
import { startFakeBoard } from './fake-board.js';
import type { FakeBoard } from './fake-board.js';
import { artifactOf } from './world.js';

export const TOKEN = 'a-test-token-of-enough-length';

/** A folder for a registry, gone after the test. */
export async function emptyRegistry(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'triops-registry-'));
  onTestFinished(async () => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** Registers a model and puts it into production. */
export async function deploy(
  modelsDir: string,
  model: DelayModel,
  version: string,
  history: readonly LandingMinutes[] = [],
  changes: Partial<ModelManifest> = {},
): Promise<void> {
  await registerModel(modelsDir, await artifactOf(model, version, history, changes));
  await pointProduction(modelsDir, version);
}

export async function board(events: readonly FlightEvent[] = []): Promise<FakeBoard> {
  const started = await startFakeBoard(events);
  onTestFinished(async () => started.close());
  return started;
}

export interface TestServer extends Listening {
  /** Every log line so far. */
  lines: string[];
  get(path: string): Promise<Response>;
  json<Body>(path: string): Promise<Body>;
  post(path: string, body: unknown, headers?: Record<string, string>): Promise<Response>;
  /** The risk of each flight. */
  predict(flights: readonly FlightInQuestion[]): Promise<number[]>;
  /** The value of a metric's sample, named as in the exposition. */
  metric(sample: string): Promise<number | undefined>;
  ready(): Promise<void>;
}

export async function startServer(
  modelsDir: string,
  options: Partial<ModelServerOptions> = {},
): Promise<TestServer> {
  const lines: string[] = [];
  const stream = {
    write: (line: string) => void lines.push((JSON.parse(line) as { message: string }).message),
  };
  const listening = await startModelServer({
    host: '127.0.0.1',
    port: 0,
    modelsDir,
    logger: createLogger({ service: 'model-server', stream }),
    backend: 'cpu',
    token: TOKEN,
    registryPollMs: 10,
    feedPollMs: 10,
    checkMs: 20,
    ...options,
  });
  onTestFinished(async () => listening.close());

  const get = async (path: string): Promise<Response> => fetch(listening.url + path);
  const post: TestServer['post'] = async (path, body, headers = {}) =>
    fetch(listening.url + path, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });
  return {
    ...listening,
    lines,
    get,
    post,
    json: async <Body>(path: string) => (await get(path)).json() as Promise<Body>,
    async predict(flights) {
      const response = await post('/v1/predict', { flights });
      if (response.status !== 200)
        throw new Error(`predict answered ${response.status}: ${await response.text()}`);
      const { predictions } = (await response.json()) as { predictions: { probability: number }[] };
      return predictions.map(({ probability }) => probability);
    },
    async metric(sample) {
      const text = await (await get('/metrics')).text();
      const line = text.split('\n').find((candidate) => candidate.startsWith(`${sample} `));
      return line === undefined ? undefined : Number(line.slice(sample.length + 1));
    },
    async ready() {
      await expect.poll(async () => (await get('/readyz')).status, { timeout: 10_000 }).toBe(200);
    },
  };
}

/** The risks that the same flights get offline: history and events through the features, then the model. */
export function risksOffline(
  model: DelayModel,
  history: readonly LandingMinutes[],
  events: readonly FlightEvent[],
  flights: readonly FlightInQuestion[],
  timetable?: FrozenTimetable,
): number[] {
  const features = new FlightFeatures({ timetable });
  warmFeatures(features, history);
  for (const event of events) {
    if (event.type === 'departed') features.departed(event);
    else features.landed(landingMinutes(event));
  }
  return flights.map((flight) => scoreBatch(model, features.featuresOf(inMinutes(flight)))[0] ?? NaN);
}
