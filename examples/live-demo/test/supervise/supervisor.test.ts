import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { createSupervisor } from '../../src/supervise/supervisor.js';
import type { PartEvent, Supervisor } from '../../src/supervise/supervisor.js';
import { portsFrom } from '../../src/system.js';
import type { Part } from '../../src/system.js';
import { endDemos, newStateDir } from '../fixtures/demo-process.js';

const SERVICE = 'examples/live-demo/test/fixtures/fake-service.mjs';

let supervisor: Supervisor | undefined;
afterEach(async () => {
  await supervisor?.stop();
  await endDemos();
});

async function anyPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const { port } = server.address() as AddressInfo;
  await new Promise((closed) => server.close(closed));
  return port;
}

it('a start that our own stop cuts off is no failure', async () => {
  const stateDir = newStateDir();
  const part: Part = {
    kind: 'service',
    name: 'model-server',
    is: 'a service that takes long to start',
    after: [],
    program: SERVICE,
    heapMb: 48,
    env: () => ({ FAKE: 'never-ready' }),
  };
  const events: PartEvent[] = [];
  supervisor = createSupervisor({
    parts: [part],
    known: {
      ports: { ...portsFrom(1), 'model-server': await anyPort() },
      stateDir,
      token: 't',
      speed: 60,
      seed: 1,
      story: undefined,
    },
    env: {},
    logsDir: stateDir,
    onEvent: (event) => events.push(event),
  });
  const starting = supervisor.start();
  await expect.poll(() => supervisor?.pids().size).toBe(1);
  await supervisor.stop();
  await expect(starting).resolves.toBeUndefined();
  expect(supervisor.failures()).toEqual([]);
  expect(events.map(({ kind }) => kind)).toEqual(['starting', 'stopped']);
});
