import { beforeAll, describe, expect, it } from 'vitest';
import { chooseBackend } from '../../src/backend.js';
import { BATCH_LIMITS } from '../../src/serve/micro-batch.js';
import { deploy, emptyRegistry, startServer } from './harness.js';
import type { TestServer } from './harness.js';
import { randomModel } from './world.js';

const FLIGHT = {
  origin: 'ATL',
  destination: 'SDF',
  departedAt: '2001-02-01T08:15:00-05:00',
  distanceMiles: 321,
};

beforeAll(async () => {
  await chooseBackend('cpu');
});

async function server(batchLimits = BATCH_LIMITS): Promise<TestServer> {
  const modelsDir = await emptyRegistry();
  await deploy(modelsDir, randomModel(1), 'm-1');
  const started = await startServer(modelsDir, { batchLimits });
  await started.ready();
  return started;
}

describe('back-pressure', () => {
  it('of many requests at once each is answered or told to come again, and none hangs', async () => {
    // Waits so long that the eight places are taken when the others come.
    const small = await server({ ...BATCH_LIMITS, waitMs: 500, mostQuestions: 8 });
    const answers = await Promise.all(
      Array.from({ length: 200 }, async () => small.post('/v1/predict', { flights: [FLIGHT] })),
    );
    const statuses = answers.map(({ status }) => status);
    const [taken, refused] = [200, 429].map((wanted) => statuses.filter((status) => status === wanted));
    expect(taken?.length).toBeGreaterThanOrEqual(8);
    expect(refused?.length).toBeGreaterThan(0);
    expect((taken?.length ?? 0) + (refused?.length ?? 0)).toBe(200);
    const full = answers.find(({ status }) => status === 429);
    expect(full?.headers.get('retry-after')).toBe('1');
    expect(full?.headers.get('content-type')).toContain('application/problem+json');
    expect(await full?.json()).toMatchObject({
      title: 'Too many predictions',
      detail: '8 questions wait for their answer already; none is added. Ask again in 1 s.',
    });
    expect(await small.metric('model_server_refused_requests_total')).toBe(refused?.length);
    expect(await small.metric('model_server_predictions_total{model_version="m-1"}')).toBe(taken?.length);
    expect(await small.metric('model_server_waiting_requests')).toBe(0);
    expect(await small.predict([FLIGHT])).toHaveLength(1);
  });

  it('rows are counted, not only requests', async () => {
    const small = await server({ ...BATCH_LIMITS, waitMs: 3_000, batchRows: 2_000, mostRows: 1_000 });
    const flights = Array.from({ length: 600 }, () => FLIGHT);
    const first = small.post('/v1/predict', { flights });
    await expect.poll(async () => small.metric('model_server_waiting_requests')).toBe(1);
    const second = small.post('/v1/predict', { flights });
    const answers = await Promise.all([first, second]);
    expect(answers.map(({ status }) => status)).toEqual([200, 429]);
  });

  it('concurrent single predictions pass through the network together, with the answers they get alone', async () => {
    const usual = await server({ ...BATCH_LIMITS, waitMs: 100 });
    const flights = Array.from({ length: 40 }, (_, index) => ({ ...FLIGHT, distanceMiles: 300 + index }));
    const together = await Promise.all(flights.map(async (flight) => usual.predict([flight])));
    const batches = await usual.metric('model_server_batch_rows_count');
    expect(batches).toBeLessThan(40);
    expect(await usual.metric('model_server_batch_rows_sum')).toBe(40);
    for (const at of [0, 19, 39])
      expect(await usual.predict(flights.slice(at, at + 1))).toEqual(together[at]);
  });
});
