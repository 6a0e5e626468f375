import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { chooseBackend } from '../../src/backend.js';
import { pointProduction } from '../registry/point-production.js';
import { board, deploy, emptyRegistry, risksOffline, startServer } from './harness.js';
import { feedEventsOf, flightsOf, randomModel } from './world.js';

const HISTORY = flightsOf('2001-01-17', 15, 60);
const FLIGHT = {
  flightId: 'DEN-LAX-20010201T0915',
  origin: 'DEN',
  destination: 'LAX',
  departedAt: '2001-02-01T09:15:00-07:00',
  distanceMiles: 862,
};

beforeAll(async () => {
  await chooseBackend('cpu');
});

interface Pipeline {
  stages: { name: string; state: string; because: string }[];
}

describe('following the registry', () => {
  it('without any model the server is alive, not ready, and asks to come again', async () => {
    const server = await startServer(await emptyRegistry());
    expect((await server.get('/livez')).status).toBe(200);
    const ready = await server.get('/readyz');
    expect(ready.status).toBe(503);
    expect(await ready.json()).toEqual({ status: 'not ready', checks: { model: 'no model registered yet' } });
    const answer = await server.post('/v1/predict', { flights: [FLIGHT] });
    expect(answer.status).toBe(503);
    expect(answer.headers.get('retry-after')).toBe('2');
    expect((await server.get('/v1/model')).status).toBe(503);
    expect(await server.json('/v1/models')).toEqual({ versions: [] });
    expect(await server.json('/v1/monitor')).toMatchObject({ predictions: 0, drift: { psi: null } });
    const { stages } = await server.json<Pipeline>('/v1/pipeline');
    expect(stages.every(({ state }) => state === 'waiting')).toBe(true);
  });

  it('the first model that is registered serves, without a restart', async () => {
    const modelsDir = await emptyRegistry();
    const server = await startServer(modelsDir);
    await deploy(modelsDir, randomModel(1), 'm-1', HISTORY);
    await server.ready();
    expect(await server.json('/v1/model')).toMatchObject({
      version: 'm-1',
      backend: 'cpu',
      trainedThrough: '2001-01-24',
    });
    expect(await server.json('/v1/models')).toMatchObject({ versions: [{ version: 'm-1' }] });
    expect(server.lines).toContain('tfjs backend cpu: asked for by TRIOPS_TFJS_BACKEND');
  });

  it('a new model takes over while requests come in, and none is dropped', async () => {
    const modelsDir = await emptyRegistry();
    await deploy(modelsDir, randomModel(1), 'm-1', HISTORY);
    const server = await startServer(modelsDir);
    await server.ready();
    const expected: Record<string, number | undefined> = {
      'm-1': risksOffline(randomModel(1), HISTORY, [], [FLIGHT])[0],
      'm-2': risksOffline(randomModel(2), HISTORY, [], [FLIGHT])[0],
    };
    const seen: string[] = [];
    const ask = async (): Promise<void> => {
      while (seen.filter((version) => version === 'm-2').length < 20) {
        const response = await server.post('/v1/predict', { flights: [FLIGHT] });
        expect(response.status).toBe(200);
        const body = (await response.json()) as {
          modelVersion: string;
          predictions: { probability: number }[];
        };
        expect(body.predictions[0]?.probability).toBeCloseTo(expected[body.modelVersion] ?? NaN, 6);
        seen.push(body.modelVersion);
      }
    };
    const asking = Promise.all(Array.from({ length: 8 }, ask));
    await expect.poll(() => seen.length).toBeGreaterThan(20);
    await deploy(modelsDir, randomModel(2), 'm-2', HISTORY);
    await asking;
    expect(seen[0]).toBe('m-1');
    expect(seen.indexOf('m-2')).toBeGreaterThan(20);
    expect(seen.lastIndexOf('m-1')).toBeLessThan(seen.length - 1);
    expect(await server.metric('model_server_swaps_total')).toBe(2);
  });

  it('a damaged model is refused with a reason, and the last good one goes on serving', async () => {
    const modelsDir = await emptyRegistry();
    await deploy(modelsDir, randomModel(1), 'm-1', HISTORY);
    const server = await startServer(modelsDir);
    await server.ready();
    await pointProduction(modelsDir, 'm-2');
    await expect.poll(async () => server.metric('model_server_refused_models_total')).toBe(1);
    await deploy(modelsDir, randomModel(3), 'm-3', HISTORY);
    await expect.poll(async () => server.json('/v1/model')).toMatchObject({ version: 'm-3' });

    const weights = join(modelsDir, 'versions', 'm-1', 'weights.bin');
    const bytes = await readFile(weights);
    bytes.writeUInt8(bytes.readUInt8(100) ^ 0xff, 100);
    await writeFile(weights, bytes);
    await pointProduction(modelsDir, 'm-1');
    await expect.poll(async () => server.metric('model_server_refused_models_total')).toBe(2);
    const line = server.lines.find((message) => message.startsWith('model m-1 refused'));
    expect(line).toMatch(/weights\.bin has .* its manifest says .*; m-3 goes on serving$/);
    expect(await server.predict([FLIGHT])).toHaveLength(1);
    expect((await server.get('/readyz')).status).toBe(200);
    const { stages } = await server.json<Pipeline>('/v1/pipeline');
    expect(stages.find(({ name }) => name === 'deploy')).toMatchObject({ state: 'failed' });
  });

  it('a model that was trained with other inputs is refused', async () => {
    const modelsDir = await emptyRegistry();
    await deploy(modelsDir, randomModel(1), 'm-1', HISTORY, { features: ['sin of the day', 'moon phase'] });
    const server = await startServer(modelsDir);
    const reason = "its input 2 is 'moon phase', this server computes 'cos of the day'; nothing is served";
    await expect.poll(() => server.lines).toContain(`model m-1 refused: ${reason}`);
    expect((await server.get('/readyz')).status).toBe(503);
  });

  it('a new model inherits what was learned; one whose history reaches further brings its own', async () => {
    const modelsDir = await emptyRegistry();
    await deploy(modelsDir, randomModel(1), 'm-1', HISTORY);
    const events = feedEventsOf(flightsOf('2001-02-01', 2, 60, 7));
    const flights = await board(events);
    const server = await startServer(modelsDir, { flightsApiUrl: flights.url });
    await server.ready();
    const question = [{ ...FLIGHT, departedAt: '2001-02-03T09:15:00-07:00' }];
    await deploy(modelsDir, randomModel(2), 'm-2', HISTORY);
    await expect.poll(async () => server.json('/v1/model')).toMatchObject({ version: 'm-2' });
    expect((await server.predict(question))[0]).toBeCloseTo(
      risksOffline(randomModel(2), HISTORY, events, question)[0] ?? NaN,
      6,
    );
    const longer = flightsOf('2001-01-20', 15, 60, 9);
    await deploy(modelsDir, randomModel(3), 'm-3', longer, { dataThrough: '2001-02-03' });
    await expect.poll(async () => server.json('/v1/model')).toMatchObject({ version: 'm-3' });
    expect((await server.predict(question))[0]).toBeCloseTo(
      risksOffline(randomModel(3), longer, [], question)[0] ?? NaN,
      6,
    );
  });
});
