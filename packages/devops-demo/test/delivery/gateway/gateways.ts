/** Both gateways, started for a test, and small backends that say their name. */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createLogger, createMetrics } from 'service-chassis';
import { seedRandom } from '../../../bench/canary/seeded-random.js';
import type { Gateway } from '../../../src/delivery/gateway.js';
import { startAdmin } from '../../../src/delivery/gateway/admin/server.js';
import { embeddedGateway } from '../../../src/delivery/gateway/embedded.js';
import { haproxyGateway } from '../../../src/delivery/gateway/haproxy.js';
import { countAnswers } from '../../../src/delivery/gateway/metrics.js';
import { startGateway } from '../../../src/delivery/gateway/server.js';
import { askHaproxy } from '../../../src/delivery/gateway/socket.js';
import { freePort } from 'service-chassis/free-port';

export const TOKEN = 'a-test-token-of-enough-length';

export interface StartedGateway {
  gateway: Gateway;
  /** Where clients ask. */
  url: string;
  close(): Promise<void>;
}

export async function startEmbedded(): Promise<StartedGateway & { adminUrl: string }> {
  const logger = createLogger({ service: 'gateway', stream: { write: () => undefined } });
  const registry = createMetrics({ service: 'gateway' });
  const chance = seedRandom(2001);
  const server = await startGateway({
    host: '127.0.0.1',
    port: 0,
    random: () => chance.uniform(),
    onAnswer: countAnswers(registry),
  });
  const admin = await startAdmin({
    gateway: server,
    port: 0,
    token: TOKEN,
    logger,
    registry,
    keep: () => undefined,
  });
  return {
    gateway: embeddedGateway({ adminUrl: admin.url, token: TOKEN, fetch }),
    url: server.url,
    adminUrl: admin.url,
    close: async () => void (await Promise.all([server.close(), admin.close()])),
  };
}

export const haproxyIsHere = spawnSync('haproxy', ['-v']).status === 0;

export async function startHaproxy(): Promise<StartedGateway> {
  const folder = mkdtempSync(join(tmpdir(), 'triops-haproxy-'));
  const port = await freePort();
  const socket = join(folder, 'admin.sock');
  writeFileSync(join(folder, 'haproxy.cfg'), haproxyConfig(port, socket));
  const child = spawn('haproxy', ['-db', '-f', join(folder, 'haproxy.cfg')], {
    stdio: ['ignore', 'ignore', 'ignore'],
  });
  const ask = async (command: string) => askHaproxy(socket, command);
  while (!(await ask('show info').then(Boolean, () => false))) await sleep(20);
  return {
    gateway: haproxyGateway({ proxy: 'board', ask, pause: sleep, now: Date.now }),
    url: `http://127.0.0.1:${port}`,
    async close() {
      child.kill('SIGKILL');
      await once(child, 'exit');
      rmSync(folder, { recursive: true });
    },
  };
}

const haproxyConfig = (port: number, socket: string) => `global
  stats socket ${socket} mode 600 level admin
  set-var proc.lease_until int(0)
defaults
  mode http
  timeout connect 1s
  timeout client 30s
  timeout server 30s
  retries 3
  option redispatch 1
  retry-on conn-failure
listen board
  bind 127.0.0.1:${port}
  balance random(1)
  acl leased var(proc.lease_until) -m int gt 0
  acl lease-over date,sub(proc.lease_until) -m int ge 0
  use-server blue if leased lease-over { var(proc.lease_to) -m str blue }
  use-server green if leased lease-over { var(proc.lease_to) -m str green }
  server blue 127.0.0.1:1 disabled
  server green 127.0.0.1:1 disabled
`;

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

/** A backend that answers its name, or what it is told to. */
export async function startBackend(name: string, handler?: Handler) {
  const seen: IncomingMessage[] = [];
  const sockets = new Set<unknown>();
  const server = createServer((request, response) => {
    seen.push(request);
    sockets.add(request.socket);
    if (handler === undefined) {
      request.resume().once('end', () => response.end(name));
    } else handler(request, response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    name,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    seen,
    sockets,
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}
