/** Retraining over HTTP: who may ask, and what is answered when it is not the time. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { chooseBackend } from '../../src/backend.js';
import { retrain } from '../../src/commands/retrain/cli.js';
import { departureOf } from '../../src/flights.js';
import { registerModel } from '../../src/registry/changes/store.js';
import { readRetrainState, writeRetrainState } from '../../src/retrain/store.js';
import { NEVER_RETRAINED } from '../../src/retrain/state.js';
import { board, deploy, emptyRegistry, startServer, TOKEN } from './harness.js';
import { artifactOf, feedEventsOf, flightsOf, randomModel } from './world.js';

const BEARER = { authorization: `Bearer ${TOKEN}` };

beforeAll(async () => {
  await chooseBackend('cpu');
});

it('asking needs the token, and a model that is being watched', async () => {
  const server = await startServer(await emptyRegistry(), { retrains: true, retrainTickMs: 60_000 });
  expect((await server.post('/v1/retrain', {})).status).toBe(401);
  const refused = await server.post('/v1/retrain', { because: 'new timetables' }, BEARER);
  expect(refused.status).toBe(409);
  expect(await refused.json()).toMatchObject({ title: 'Not now', detail: 'no model is being watched yet' });
  expect((await server.post('/v1/retrain', { because: 1 }, BEARER)).status).toBe(422);
  expect(await server.json('/v1/retrain')).toMatchObject({ phase: { name: 'idle' }, attempts: [] });
});

it('a question about a day to come does not move the clock: without a feed there is none', async () => {
  const modelsDir = await emptyRegistry();
  await deploy(modelsDir, randomModel(3), '2001-01-31-aa', flightsOf('2001-01-17', 15, 60));
  const server = await startServer(modelsDir, { retrains: true, retrainTickMs: 60_000 });
  await server.ready();
  await server.predict(flightsOf('2002-12-30', 1, 5).map((flight) => departureOf(flight)));
  const refused = await server.post('/v1/retrain', {}, BEARER);
  expect(await refused.json()).toMatchObject({ status: 409, detail: 'no model is being watched yet' });
  expect((await readRetrainState(modelsDir)).attempts).toEqual([]);
});

it('a server that does not retrain says so', async () => {
  const server = await startServer(await emptyRegistry());
  expect((await server.get('/v1/retrain')).status).toBe(404);
  expect((await server.post('/v1/retrain', {}, BEARER)).status).toBe(404);
});

it('while a challenger is tried no other attempt begins, and the state is told', async () => {
  const modelsDir = await emptyRegistry();
  const history = flightsOf('2001-01-17', 15, 60);
  await deploy(modelsDir, randomModel(3), '2001-01-31-aa', history);
  await registerModel(modelsDir, await artifactOf(randomModel(4), '2001-02-09-bb', history));
  const attempt = {
    startedAt: '2001-02-10T10:00:00Z',
    trigger: 'decay',
    because: 'AUC',
    dataThrough: '2001-02-09',
  } as const;
  const phase = { name: 'shadow', since: '2001-02-10T11:00:00Z', version: '2001-02-09-bb' } as const;
  await writeRetrainState(modelsDir, {
    ...NEVER_RETRAINED,
    phase,
    attempts: [{ ...attempt, version: phase.version }],
  });
  const world = await board();
  world.events.push(...feedEventsOf(flightsOf('2001-02-10', 1, 5)));
  const server = await startServer(modelsDir, {
    flightsApiUrl: world.url,
    retrains: true,
    retrainTickMs: 60_000,
  });
  await server.ready();
  const refused = await server.post('/v1/retrain', {}, BEARER);
  expect(await refused.json()).toMatchObject({ status: 409, detail: 'an attempt is under way (shadow)' });
  expect(await server.json('/v1/retrain')).toMatchObject({ phase, attempts: [{ trigger: 'decay' }] });
  expect((await readRetrainState(modelsDir)).phase).toEqual(phase);
});

it.each(['', '{"phase":{"name":"asleep"},"attempts":[]}', 'null'])(
  'a damaged retrain.json (%j) is named with its remedy, and breaks nothing else',
  async (text) => {
    const modelsDir = await emptyRegistry();
    await deploy(modelsDir, randomModel(3), '2001-01-31-aa', flightsOf('2001-01-17', 15, 60));
    await writeFile(join(modelsDir, 'retrain.json'), text);
    const world = await board();
    world.events.push(...feedEventsOf(flightsOf('2001-02-10', 1, 5)));
    const options = { flightsApiUrl: world.url, retrains: true, retrainTickMs: 60_000 };
    const server = await startServer(modelsDir, options);
    await server.ready();
    const damaged = /retrain\.json is damaged \(.+\): put a copy of it back, or move it away/;
    for (const refused of [await server.get('/v1/retrain'), await server.post('/v1/retrain', {}, BEARER)]) {
      expect(refused.status).toBe(503);
      expect(((await refused.json()) as { detail: string }).detail).toMatch(damaged);
    }
    const { stages } = await server.json<{ stages: { name: string; state: string; because: string }[] }>(
      '/v1/pipeline',
    );
    expect(stages.find(({ name }) => name === 'retrain')).toMatchObject({ state: 'failed' });
    expect(stages.find(({ name }) => name === 'retrain')?.because).toMatch(damaged);
    expect(stages.find(({ name }) => name === 'deploy')).toMatchObject({ state: 'passed' });
    await expect(retrain(['--through', '2001-03-31', '--out', modelsDir])).rejects.toThrow(damaged);
  },
);
