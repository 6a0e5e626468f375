/** The gateway's own configuration, run by a real HAProxy before two small servers. */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Backend } from '../../src/delivery/gateway.js';
import { haproxyGateway } from '../../src/delivery/gateway/haproxy.js';
import { remembering } from '../../src/delivery/gateway/remember/store.js';
import { start } from './processes.js';
import type { Running } from './processes.js';
import { INFRASTRUCTURE, isHere, run } from './tools.js';

const FILE = join(INFRASTRUCTURE, 'gateway/haproxy.cfg');
/** An address of the loopback range that is this run's own: the configuration's ports are fixed. */
const BIND = `127.${81 + (process.pid % 100)}.${Math.floor(process.pid / 100) % 250}.81`;
const URL = `http://${BIND}:8081`;

function board(name: string) {
  const state = { ready: true, seen: 0 };
  const server = createServer((request, response) => {
    if (request.url === '/readyz') response.statusCode = state.ready ? 200 : 503;
    else state.seen += 1;
    response.end(name);
  });
  server.listen(0, '127.0.0.1');
  return { state, server, address: () => `127.0.0.1:${(server.address() as AddressInfo).port}` };
}

const readIfThere = (path: string) => (existsSync(path) ? readFileSync(path, 'utf8').trim() : '');

describe.skipIf(!isHere('haproxy', '-v') || process.platform !== 'linux')(
  'the gateway (skipped where HAProxy is not on the path)',
  () => {
    const folder = mkdtempSync(join(tmpdir(), 'triops-gateway-'));
    const [primary, canary] = [board('blue'), board('green')];
    let haproxy: Running;
    const environment = () => ({
      ...process.env,
      PRIMARY: readIfThere(join(folder, 'primary')),
      BIND,
      ADMIN_SOCKET: join(folder, 'admin.sock'),
      BLUE: primary.address(),
      GREEN: canary.address(),
    });

    async function ask(command: string): Promise<string> {
      const socket = connect(join(folder, 'admin.sock'));
      socket.end(`${command}\n`);
      return text(socket);
    }

    /** Health checks say so a moment after the start. */
    async function bothUp(): Promise<void> {
      const up = async () => (await ask('show stat board 4 -1')).match(/,UP,/g)?.length;
      await expect.poll(up, { timeout: 20_000 }).toBe(2);
    }

    async function answers(requests: number): Promise<Record<string, number>> {
      const counts: Record<string, number> = {};
      for (let number = 0; number < requests; number += 1) {
        const name = await (await fetch(`${URL}/v1/flights`)).text();
        counts[name] = (counts[name] ?? 0) + 1;
      }
      return counts;
    }

    /** Lots: five standard deviations around 40 of 400, and the tenth by which HAProxy's lots are off. */
    async function expectTenth(few: string, many: string): Promise<void> {
      const counts = await answers(400);
      expect(Object.keys(counts).sort()).toEqual([few, many].sort());
      expect(Math.abs((counts[few] ?? 0) - 40)).toBeLessThan(36);
    }

    const startHaproxy = async () => {
      haproxy = await start('haproxy', ['-db', '-f', FILE], `http://${BIND}:8405/readyz`, environment());
    };
    /** As a restart of its container, or of the whole engine, does. */
    async function restart(): Promise<void> {
      await haproxy.stop();
      await startHaproxy();
    }
    const [blue, green] = (['blue', 'green'] as const).map((name) => (weight: number) => ({
      name,
      url: `http://${name}:8081`,
      weight,
    })) as [(weight: number) => Backend, (weight: number) => Backend];
    const gateway = remembering(
      haproxyGateway({
        proxy: 'board',
        ask,
        pause: sleep,
        now: Date.now,
        addresses: { blue: 'http://blue:8081', green: 'http://green:8081' },
      }),
      join(folder, 'primary'),
    );

    beforeAll(startHaproxy);
    afterAll(async () => {
      await haproxy.stop();
      primary.server.close();
      canary.server.close();
      rmSync(folder, { recursive: true });
    });

    it('has a configuration without a fault or warning', () => {
      expect(run('haproxy', ['-c', '-f', FILE], { env: environment() })).toEqual({
        status: 0,
        said: expect.not.stringContaining('[WARNING]'),
      });
    });

    it('sends everything to the slot that runs, whichever it is', async () => {
      primary.state.ready = false;
      await expect.poll(async () => answers(10), { timeout: 20_000 }).toEqual({ green: 10 });
      primary.state.ready = true;
      const whoAnswers = async () => Object.keys(await answers(40)).sort();
      await expect.poll(whoAnswers, { timeout: 20_000 }).toEqual(['blue', 'green']);
    });

    it('is steered by the weights of the release controller, and gives a slot about its share', async () => {
      await gateway.setBackends([blue(100)]);
      expect(await answers(100)).toEqual({ blue: 100 });
      await gateway.setBackends([blue(90), green(10)], { seconds: 60, fallback: 'blue' });
      expect(await gateway.backends()).toEqual([blue(90), green(10)]);
      await expectTenth('green', 'blue');
      await gateway.setBackends([blue(90), green(10)], { seconds: 1, fallback: 'blue' });
      await expect.poll(async () => answers(200), { timeout: 20_000 }).toEqual({ blue: 200 });
      await gateway.setBackends([blue(90), green(10)]);
      await ask('set weight board/green 10');
      await ask('set weight board/blue 90');
      await expectTenth('green', 'blue');
    });

    it('restarted in the middle of a release, it gives the old version everything until the controller is heard', async () => {
      for (const [old, fresh] of [
        [blue, green],
        [green, blue],
      ] as const) {
        const lease = { seconds: 60, fallback: old(0).name };
        await gateway.setBackends([old(90), fresh(10)], lease);
        await restart();
        await bothUp();
        expect(await answers(40)).toEqual({ [old(0).name]: 40 });
        expect(await gateway.backends()).toEqual([old(100)]);
        await gateway.setBackends([old(90), fresh(10)], lease);
        await expectTenth(fresh(0).name, old(0).name);
      }
    });

    it('restarted after a promotion, it gives the new version everything', async () => {
      await gateway.setBackends([blue(95), green(5)], { seconds: 60, fallback: 'blue' });
      await gateway.setBackends([green(100)]);
      await restart();
      await bothUp();
      expect(await answers(40)).toEqual({ green: 40 });
      expect(await gateway.backends(), 'what the next release takes as its primary').toEqual([green(100)]);
      await gateway.setBackends([blue(50), green(50)]);
    });

    it('asks the other slot when the one that everything belongs to after a restart is not there', async () => {
      await gateway.setBackends([blue(100)]);
      primary.state.ready = false;
      await restart();
      await expect.poll(async () => answers(10), { timeout: 20_000 }).toEqual({ green: 10 });
      primary.state.ready = true;
      await expect.poll(async () => answers(10), { timeout: 20_000 }).toEqual({ blue: 10 });
      await gateway.setBackends([blue(50), green(50)]);
    });

    it('drains a slot without refusing anybody', async () => {
      await ask('set weight board/green 50');
      await ask('set server board/green state drain');
      const before = canary.state.seen;
      expect(await answers(50)).toEqual({ blue: 50 });
      expect(canary.state.seen).toBe(before);
      await ask('set server board/green state ready');
    });

    it('asks the other slot when one is gone before its health check noticed', async () => {
      await ask('set weight board/blue 50');
      canary.server.close();
      canary.server.closeAllConnections();
      expect(await answers(40)).toEqual({ blue: 40 });
    });

    it('counts for Prometheus what its alerts ask for', async () => {
      const metrics = await (await fetch(`http://${BIND}:8405/metrics`)).text();
      for (const series of [
        'haproxy_backend_active_servers{proxy="board"}',
        'haproxy_frontend_http_responses_total{proxy="public",code="5xx"}',
        'haproxy_server_http_responses_total{proxy="board",server="green",code="5xx"}',
        'haproxy_frontend_http_requests_total{proxy="public"}',
      ]) {
        expect(metrics).toContain(series);
      }
    });

    it('is not ready without a server that is', async () => {
      primary.state.ready = false;
      await expect.poll(async () => (await fetch(`http://${BIND}:8405/readyz`)).status).toBe(503);
      expect((await fetch(`${URL}/v1/flights`)).status).toBe(503);
    });
  },
);
