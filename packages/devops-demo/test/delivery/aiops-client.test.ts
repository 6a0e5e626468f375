import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { aiopsAddress, tellAiops } from '../../src/delivery/release/records/aiops-client.js';

const entry = {
  at: '2026-01-01T00:00:00.000Z',
  actor: 'person:ada',
  action: 'release.started',
  subject: 'flights-api 0.2.0',
  because: 'asked for',
  details: {},
};

test('aiops-demo is told which service changed, how and when, with the token', async () => {
  const heard: { path: string | undefined; token: string | undefined; body: unknown }[] = [];
  const server = createServer((request, response) => {
    let text = '';
    request.on('data', (chunk: Buffer) => (text += chunk.toString()));
    request.on('end', () => {
      heard.push({ path: request.url, token: request.headers.authorization, body: JSON.parse(text) });
      response.writeHead(heard.length === 1 ? 202 : 401).end();
    });
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const address = { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, token: 'secret' };
  expect(await tellAiops(address, entry)).toBeUndefined();
  const what = 'release.started flights-api 0.2.0: asked for';
  expect(heard).toEqual([
    { path: '/v1/changes', token: 'Bearer secret', body: { service: 'flights-api', what, at: entry.at } },
  ]);
  expect(await tellAiops(address, entry)).toBe('aiops-demo answered 401');
  server.closeAllConnections();
  await new Promise((closed) => server.close(closed));
  expect(await tellAiops(address, entry)).toBe('aiops-demo is away');
});

test('without an address or a token nobody is told', () => {
  expect(aiopsAddress({ AIOPS_URL: 'http://127.0.0.1:8083' })).toBeUndefined();
  expect(aiopsAddress({ TRIOPS_TOKEN: 'secret' })).toBeUndefined();
});
