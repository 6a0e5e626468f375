/** Abuse: what a hostile client tries against the embedded gateway's public side. The services' own: service-chassis/test/abuse.test.ts. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { MALFORMED, rawRequest } from '../../../../service-chassis/test/raw-request.js';
import { startGateway } from '../../../src/delivery/gateway/server.js';
import type { GatewayServer } from '../../../src/delivery/gateway/server.js';
import { startBackend } from './gateways.js';

/** Far shorter than in service, so that slow attempts end within a test; Node looks each half minute when it is not told. */
const PATIENCE = { headersMs: 400, requestMs: 800, checkEveryMs: 50 };

let gateway: GatewayServer;
let backend: Awaited<ReturnType<typeof startBackend>>;

beforeAll(async () => {
  backend = await startBackend('blue');
  gateway = await startGateway({ host: '127.0.0.1', port: 0, patience: PATIENCE });
  await gateway.setBackends([{ name: 'blue', url: backend.url, weight: 100 }]);
});
afterEach(async () => {
  const answer = await (await fetch(gateway.url)).text();
  if (answer !== 'blue') throw new Error(`abuse: expected others to be served, the answer was ${answer}`);
});
afterAll(async () => {
  await gateway.close();
  backend.close();
});

const raw = async (bytes: string, drip?: string) => rawRequest(gateway.port, bytes, drip);

describe('too slow', () => {
  it.each([
    ['headers that never end (slowloris)', 'GET / HTTP/1.1\r\nhost: x\r\n', 'x: y\r\n'],
    ['a connection that begins and says no more', 'GET /', ''],
    ['a small body that drips', 'POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 10000\r\n\r\n', 'x'],
    ['a large body that drips', 'POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 1000000\r\n\r\n', 'x'],
  ])('%s is cut off', async (_attempt, begin, drip) => {
    expect(await raw(begin, drip)).toMatch(/^(?:HTTP\/1\.1 408 Request Timeout)?$/);
  });
});

describe('malformed', () => {
  it.each(MALFORMED)('%s is refused, and reaches no backend', async (_attempt, rest) => {
    const before = backend.seen.length;
    expect(await raw(`POST / HTTP/1.1\r\nhost: x\r\n${rest}`)).toBe('HTTP/1.1 400 Bad Request');
    expect(backend.seen).toHaveLength(before);
  });

  it('10,000 headers are refused', async () => {
    const headers = Array.from({ length: 10_000 }, (_, n) => `x-${n}: y\r\n`).join('');
    expect(await raw(`GET / HTTP/1.1\r\nhost: x\r\n${headers}\r\n`)).toMatch(/^HTTP\/1\.1 431 /);
  });
});
