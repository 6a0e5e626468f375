import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { TOKEN, startTestService } from './harness.js';
import type { TestService } from './harness.js';

let service: TestService;
beforeEach(async () => {
  service = await startTestService(() => undefined);
});
afterEach(async () => service.close());

const order = async (body: object, token: string | undefined = TOKEN, url = service.url) =>
  fetch(`${url}/v1/faults`, {
    method: 'POST',
    body: JSON.stringify(body),
    headers: {
      'content-type': 'application/json',
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    },
  });

interface FaultDocument {
  id: string;
  where: string;
  startedAt: string;
  endsAt: string;
  touched: number;
}

describe('faults', () => {
  it('errors are injected, labelled, counted, and end when told', async () => {
    const fault = (await (await order({ name: 'errors', seconds: 60 })).json()) as FaultDocument;
    expect(fault.where).toBe('test');
    expect(Date.parse(fault.endsAt) - Date.parse(fault.startedAt)).toBe(60_000);
    expect((await fetch(`${service.url}/v1/suffering`)).status).toBe(500);
    const listed = (await (await fetch(`${service.url}/v1/faults`)).json()) as { faults: FaultDocument[] };
    expect(listed.faults[0]?.touched).toBe(1);
    const ended = await fetch(`${service.url}/v1/faults/${fault.id}`, {
      method: 'DELETE',
      headers: { authorization: `Bearer ${TOKEN}` },
    });
    expect(ended.status).toBe(204);
    expect((await fetch(`${service.url}/v1/suffering`)).status).toBe(200);
  });

  it('a slow fault delays the answer by its latency', async () => {
    await order({ name: 'slow', seconds: 60, latencyMs: 120 });
    const startedAt = performance.now();
    expect((await fetch(`${service.url}/v1/suffering`)).status).toBe(200);
    expect(performance.now() - startedAt).toBeGreaterThanOrEqual(115);
  });

  it('a fault ends by itself', async () => {
    await order({ name: 'errors', seconds: 0.05 });
    await expect.poll(async () => (await fetch(`${service.url}/v1/suffering`)).status).toBe(200);
    expect(service.lines.some((line) => String(line['message']).startsWith('fault ended: errors'))).toBe(
      true,
    );
  });

  it('an unknown fault is refused with the known names', async () => {
    const response = await order({ name: 'gremlins', seconds: 5 });
    expect(response.status).toBe(422);
    expect(await response.text()).toContain('slow');
  });

  it('nobody without the token injects a fault', async () => {
    expect((await order({ name: 'errors', seconds: 5 }, 'wrong-token')).status).toBe(401);
    const tokenless = await fetch(`${service.url}/v1/faults`, {
      method: 'POST',
      body: '{}',
      headers: { 'content-type': 'application/json' },
    });
    expect(tokenless.status).toBe(401);
  });

  it('a service without a token, or with faults off, refuses everybody', async () => {
    const closed = await startTestService(() => undefined, { token: undefined });
    expect((await order({ name: 'errors', seconds: 5 }, TOKEN, closed.url)).status).toBe(403);
    await closed.close();
    const off = await startTestService(() => undefined, { faultsEnabled: false });
    expect((await order({ name: 'errors', seconds: 5 }, TOKEN, off.url)).status).toBe(403);
    await off.close();
  });
});
