/** `devops gateway` as a process: what it starts, what it leaves, and what is left when it is killed. */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { createInstances } from 'devops-demo/delivery';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readEnvironment } from '../../src/delivery/environment/store.js';
import { runningInstances } from '../../src/delivery/instances/process.js';
import { placeOf } from '../../src/delivery/place/process.js';
import { createReleaseStore } from '../../src/delivery/release/store.js';
import type { Release } from '../../src/delivery/release.js';
import { NOBODY, PACKAGE_DIR, client, freshDatabase } from '../harness.js';

const MOST_MS = 240_000;
const stateDir = mkdtempSync(join(tmpdir(), 'triops-gateway-'));
let databaseUrl = '';
const started: ChildProcess[] = [];

beforeAll(async () => {
  databaseUrl = await freshDatabase();
}, MOST_MS);
afterAll(async () => {
  for (const child of started.filter(
    ({ exitCode, signalCode }) => exitCode === null && signalCode === null,
  )) {
    child.kill('SIGTERM');
    await once(child, 'exit');
  }
  rmSync(stateDir, { recursive: true, force: true });
});

function start(ports: { PORT?: string; GATEWAY_ADMIN_PORT?: string } = {}) {
  const env = { PATH: process.env['PATH'], DATABASE_URL: databaseUrl, MODEL_SERVER_URL: NOBODY };
  const child = spawn(process.execPath, [join(PACKAGE_DIR, 'dist/cli.js'), 'gateway', '--state', stateDir], {
    env: { ...env, PORT: '0', GATEWAY_ADMIN_PORT: '0', ...ports },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  started.push(child);
  return child;
}

/** @returns the process, and the address of the board. */
async function gateway() {
  const child = start();
  child.stderr.pipe(process.stderr);
  let url = '';
  for await (const line of createInterface({ input: child.stdout })) {
    url = /gateway on (http:[^"]+)"/.exec(line)?.[1] ?? url;
    if (line.startsWith('ready:')) break;
  }
  child.stdout.resume();
  return { child, url, board: client(url) };
}

/** A release of before, in the middle of which everything was stopped. */
function leaveUnfinished(): void {
  const version = { version: '0.1.0', commit: 'c0ffee', digest: 'd'.repeat(64) };
  const left: Release = {
    id: 'left',
    startedAt: '2026-07-01T12:00:00.000Z',
    updatedAt: '2026-07-01T12:01:00.000Z',
    candidate: version,
    primary: version,
    primaryUrl: NOBODY,
    slots: { candidate: 'green', primary: 'blue' },
    phase: 'observing',
    step: 0,
    because: 'at 5 %',
    judged: [],
  };
  createReleaseStore(stateDir).save(left);
}

/** As a controller leaves it that is killed while it observes. */
async function leaveCanary(): Promise<void> {
  const environment = readEnvironment(stateDir);
  const { gateway, artifactsDir } = placeOf(stateDir, environment);
  // The compiled one: its keepers are programs.
  const instances = createInstances({ stateDir, artifactsDir, env: environment });
  const blue = instances.record('blue');
  const green = await instances.start('green', blue?.digest ?? '');
  const backends = [
    { name: 'blue', url: blue?.url ?? '', weight: 95 },
    { name: 'green', url: green.url, weight: 5 },
  ];
  await gateway.setBackends(backends, { seconds: 3_600, fallback: 'blue' });
  leaveUnfinished();
}

async function status(): Promise<{ said: string; code: unknown }> {
  const words = [join(PACKAGE_DIR, 'dist/cli.js'), 'status', '--state', stateDir];
  const child = spawn(process.execPath, words, { stdio: ['ignore', 'pipe', 'inherit'] });
  const [said, [code]] = await Promise.all([text(child.stdout), once(child, 'exit')]);
  return { said, code };
}

describe('devops gateway', () => {
  it('keeps no port when its admin side cannot start, and says why', { timeout: MOST_MS }, async () => {
    const squatter = createServer().listen(0, '127.0.0.1');
    await once(squatter, 'listening');
    const taken = (squatter.address() as AddressInfo).port;
    const child = start({ GATEWAY_ADMIN_PORT: String(taken) });
    const [said, [code]] = await Promise.all([text(child.stderr), once(child, 'exit'), text(child.stdout)]);
    expect(said).toBe(
      `devops gateway: listen: port ${taken} on 127.0.0.1 is taken by another process: ` +
        'stop that one, or choose a port with GATEWAY_ADMIN_PORT=N\n',
    );
    expect(code).toBe(1);
    squatter.close();
  });

  it('takes no port that is none', { timeout: MOST_MS }, async () => {
    const child = start({ GATEWAY_ADMIN_PORT: '8o85' });
    const [said, [code]] = await Promise.all([text(child.stderr), once(child, 'exit'), text(child.stdout)]);
    expect(said).toBe('devops gateway: GATEWAY_ADMIN_PORT: expected a port from 0 to 65535, got 8o85\n');
    expect(code).toBe(2);
  });

  it(
    'serves this package, ends a release that it cannot go on with, and leaves nothing behind',
    { timeout: MOST_MS },
    async () => {
      leaveUnfinished();
      const { child, board, url } = await gateway();
      expect((await board.depart()).status).toBe(201);
      expect(await (await fetch(`${url}/metrics`)).text()).toContain('triops_build_info{slot="blue",');
      expect(createReleaseStore(stateDir).current()).toMatchObject({
        phase: 'stopped',
        because: 'everything was stopped while it was under way',
      });
      expect([...runningInstances(stateDir).keys()]).toEqual(['board blue']);
      child.kill('SIGTERM');
      expect(await once(child, 'exit')).toEqual([0, null]);
      expect(runningInstances(stateDir).size).toBe(0);
    },
  );

  it(
    'has its state folder alone: a second one is told which process has it and where, and changes nothing',
    { timeout: MOST_MS },
    async () => {
      const first = await gateway();
      const files = ['environment.json', 'instances/owner.json'];
      const found = () => files.map((file) => readFileSync(join(stateDir, file), 'utf8'));
      const before = found();
      const child = start();
      const [said, [code]] = await Promise.all([text(child.stderr), once(child, 'exit'), text(child.stdout)]);
      const { adminUrl } = JSON.parse(before[1] ?? '') as { adminUrl: string };
      expect(said).toBe(
        `devops gateway: process ${first.child.pid} has the folder ${stateDir}, serves on ${first.url} and is steered on ${adminUrl}: ` +
          'stop it, or choose another folder with --state DIR\n',
      );
      expect([code, found()]).toEqual([1, before]);
      expect([200, 201]).toContain((await first.board.depart()).status);
      first.child.kill('SIGTERM');
      expect(await once(first.child, 'exit')).toEqual([0, null]);
    },
  );

  it(
    'killed, its board ends too; started again at once, it takes the board over',
    { timeout: MOST_MS },
    async () => {
      const first = await gateway();
      expect([200, 201], 'a flight, new unless the test before has told it').toContain(
        (await first.board.depart()).status,
      );
      const [keeper] = runningInstances(stateDir).values();
      await leaveCanary();
      expect([...runningInstances(stateDir).keys()]).toEqual(['board blue', 'board green']);
      const lent = await status();
      expect(lent.said).toMatch(/^gateway +failed +blue 95 %, green 5 %; the controller is gone: /m);
      expect(lent.said).toMatch(
        /^release +failed .*, observing: the controller is gone: devops release --resume$/m,
      );
      expect(lent.code).toBe(1);
      // Stands for the program that comes next, until it has made its own claim.
      writeFileSync(join(stateDir, 'instances/owner.json'), JSON.stringify({ pid: process.pid }));
      first.child.kill('SIGKILL');
      await once(first.child, 'exit');
      const second = await gateway();
      expect([...runningInstances(stateDir).values()], 'the same board, and no canary').toEqual([keeper]);
      expect(createReleaseStore(stateDir).current()?.phase).toBe('stopped');
      expect((await status()).said).toMatch(/^gateway +passed +blue 100 %$/m);
      expect((await second.board.depart()).status, 'the same flight again').toBe(200);
      second.child.kill('SIGKILL');
      await once(second.child, 'exit');
      await expect.poll(() => runningInstances(stateDir).size, { timeout: 60_000 }).toBe(0);
      expect(readFileSync(join(stateDir, 'environment.json'), 'utf8')).toContain('GATEWAY_ADMIN');
    },
  );
});
