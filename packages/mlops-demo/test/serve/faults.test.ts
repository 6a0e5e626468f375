import { createHash } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { chooseBackend } from '../../src/backend.js';
import { deploy, emptyRegistry, startServer, TOKEN } from './harness.js';
import type { TestServer } from './harness.js';
import { randomModel } from './world.js';

const AUTHORIZED = { authorization: `Bearer ${TOKEN}` };
const FLIGHT = {
  origin: 'ATL',
  destination: 'SDF',
  departedAt: '2001-02-01T08:15:00-05:00',
  distanceMiles: 321,
};

beforeAll(async () => {
  await chooseBackend('cpu');
});

async function server(
  faultsEnabled: boolean,
  options: Parameters<typeof startServer>[1] = {},
): Promise<TestServer> {
  const modelsDir = await emptyRegistry();
  await deploy(modelsDir, randomModel(1), 'm-1');
  const started = await startServer(modelsDir, { faultsEnabled, ...options });
  await started.ready();
  return started;
}

async function millisecondsOf(work: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now();
  await work();
  return performance.now() - startedAt;
}

describe('faults of the model server', () => {
  it('a slow fault slows predictions, says so, leaves all else alone, and ends', async () => {
    const slow = await server(true);
    const order = await slow.post('/v1/faults', { name: 'slow', seconds: 60, latencyMs: 300 }, AUTHORIZED);
    const fault = (await order.json()) as { id: string };
    expect(fault).toMatchObject({ name: 'slow', where: 'model-server', latencyMs: 300 });
    expect(await millisecondsOf(async () => slow.predict([FLIGHT]))).toBeGreaterThanOrEqual(295);
    expect(await millisecondsOf(async () => slow.get('/v1/model'))).toBeLessThan(295);
    expect(await slow.json('/v1/faults')).toMatchObject({ faults: [{ touched: 1 }] });
    expect(slow.lines).toContain('fault injected: slow in model-server for 60 s');
    const end = await fetch(`${slow.url}/v1/faults/${fault.id}`, { method: 'DELETE', headers: AUTHORIZED });
    expect(end.status).toBe(204);
    expect(await millisecondsOf(async () => slow.predict([FLIGHT]))).toBeLessThan(295);
  });

  it('a fault ends by itself', async () => {
    const failing = await server(true);
    await failing.post('/v1/faults', { name: 'errors', seconds: 0.2 }, AUTHORIZED);
    expect((await failing.post('/v1/predict', { flights: [FLIGHT] })).status).toBe(500);
    await expect
      .poll(async () => (await failing.post('/v1/predict', { flights: [FLIGHT] })).status)
      .toBe(200);
    expect(failing.lines.some((line) => line.startsWith('fault ended: errors'))).toBe(true);
  });

  it('without TRIOPS_FAULTS=on nobody injects a fault', async () => {
    const closed = await server(false);
    expect((await closed.post('/v1/faults', { name: 'slow', seconds: 60 }, AUTHORIZED)).status).toBe(403);
  });

  it('of named bearers an operator may inject one, a viewer may not, and strangers are asked who they are', async () => {
    const token = (['viewer', 'operator', 'automation'] as const).map((role) => ({
      name: role,
      role,
      sha256: createHash('sha256').update(`the ${role}'s token`).digest('hex'),
    }));
    const named = await server(true, { token });
    const order = async (bearer: string): Promise<number> => {
      const headers = { authorization: `Bearer ${bearer}` };
      return (await named.post('/v1/faults', { name: 'slow', seconds: 0.1, latencyMs: 1 }, headers)).status;
    };
    expect(await order("the viewer's token")).toBe(403);
    expect(await order('a token of nobody')).toBe(401);
    expect(await order("the operator's token")).toBe(201);
    expect(await order("the automation's token")).toBe(201);
  });
});
