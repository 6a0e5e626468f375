import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import { answers, endDemos, newStateDir, startDemo } from '../fixtures/demo-process.js';
import type { DemoProcess } from '../fixtures/demo-process.js';

/** A demo with fake services and a real PostgreSQL. */
function fakeDemo(
  behaviours: Record<string, string>,
  args: string[] = [],
  stateDir = newStateDir(),
  by: 'hand' | 'npm' = 'hand',
): DemoProcess {
  return startDemo('fake-demo.mjs', [JSON.stringify(behaviours), ...args], stateDir, by);
}

async function expectNothingLeft(demo: DemoProcess): Promise<void> {
  await expect.poll(() => demo.offspring(), { timeout: 15_000 }).toEqual([]);
  const ports = new Set(demo.ports());
  expect(ports.size).toBeGreaterThanOrEqual(1);
  for (const port of ports) expect(await answers(port)).toBe(false);
}

afterEach(endDemos);

describe('the demo as a process', { timeout: 60_000 }, () => {
  it('starts the control room first and each part when what it needs works', async () => {
    const demo = fakeDemo({}, ['--for', '1']);
    expect(await demo.ended).toBe(0);
    const ready = [...demo.stdout().matchAll(/^\S+ +start +(\S+) +ready/gm)].map(([, part]) => part);
    expect(ready[0]).toBe('control-room');
    const before = (a: string, b: string) => expect(ready.indexOf(a)).toBeLessThan(ready.indexOf(b));
    before('postgres', 'aiops');
    before('postgres', 'flights-api');
    before('training', 'replay');
    before('model-server', 'replay');
    before('flights-api', 'replay');
    const stopped = [...demo.stdout().matchAll(/^\S+ +stop +(\S+) +stopped/gm)].map(([, part]) => part);
    expect(stopped.indexOf('replay')).toBeLessThan(stopped.indexOf('flights-api'));
    expect(stopped.slice(-2)).toEqual(['postgres', 'control-room']);
    expect(demo.stdout()).toContain('All was well.');
    await expectNothingLeft(demo);
  });

  it('Ctrl-C stops everything and is a good end', async () => {
    const demo = fakeDemo({});
    await demo.said('flights flow');
    expect(demo.offspring().length).toBeGreaterThan(5);
    demo.process.kill('SIGINT');
    expect(await demo.ended).toBe(0);
    await expectNothingLeft(demo);
  });

  it('SIGTERM while things still start leaves nothing behind', async () => {
    const demo = fakeDemo({ 'model-server': 'never-ready' });
    await demo.said(/postgres +starting/);
    demo.process.kill('SIGTERM');
    expect(await demo.ended).toBe(1);
    await expectNothingLeft(demo);
  });

  it('kill -9 leaves nothing behind either, and the next demo takes the state over', async () => {
    const stateDir = newStateDir();
    const first = fakeDemo({}, [], stateDir);
    await first.said('flights flow');
    first.process.kill('SIGKILL');
    await expectNothingLeft(first);
    const second = fakeDemo({}, ['--for', '1'], stateDir);
    expect(await second.ended).toBe(0);
    expect(second.stdout()).toContain('the last demo was killed');
  });

  it.runIf(process.platform === 'linux')(
    'an npm that is killed takes the demo it started with it',
    async () => {
      const demo = fakeDemo({}, [], newStateDir(), 'npm');
      await demo.said('flights flow');
      demo.process.kill('SIGKILL');
      await expectNothingLeft(demo);
      expect(demo.stdout()).toContain('stopping');
    },
  );

  it('a part that ignores every wish to stop is ended all the same', async () => {
    const demo = fakeDemo({ replay: 'stubborn' });
    await demo.said('flights flow');
    demo.process.kill('SIGKILL');
    expect(await demo.ended).toBe(null);
    await expectNothingLeft(demo);
  });

  it('a part that cannot start ends the demo with its name, its reason and its last words', async () => {
    const demo = fakeDemo({ 'flights-api': 'fails' });
    expect(await demo.ended).toBe(1);
    expect(demo.stdout()).toContain('flights-api did not start: it ended with exit code 3');
    expect(demo.stdout()).toContain('fake service: the database is on fire');
    await expectNothingLeft(demo);
  });

  it('a part that dies later is told at once and makes the run a bad one', async () => {
    const demo = fakeDemo({ aiops: 'dies' }, ['--for', '3', '--json']);
    expect(await demo.ended).toBe(1);
    const summary = JSON.parse(demo.stdout()) as { ok: boolean; exitReasons: string[] };
    expect(summary.ok).toBe(false);
    expect(summary.exitReasons[0]).toBe('aiops ended by itself with exit code 7');
    expect(demo.stderr()).toMatch(/problem +aiops +ended/);
  });

  it('with --json standard output is one JSON object and nothing else', async () => {
    const demo = fakeDemo({}, ['--for', '1', '--json']);
    expect(await demo.ended).toBe(0);
    expect(JSON.parse(demo.stdout())).toMatchObject({
      ok: true,
      exitReasons: [],
      incidents: [],
      flightsReplayed: expect.any(Number) as number,
      startupSeconds: expect.any(Number) as number,
      peakMemoryMb: expect.any(Number) as number,
      memoryMb: { postgres: expect.any(Number) as number, demo: expect.any(Number) as number },
    });
    expect(demo.stderr()).toContain('flights flow');
  });

  it('stopping before --for is over is a bad end that says how far it came', async () => {
    const demo = fakeDemo({}, ['--for', '600']);
    await demo.said('flights flow');
    demo.process.kill('SIGINT');
    expect(await demo.ended).toBe(1);
    expect(demo.stdout()).toMatch(/stopped by Ctrl-C after \d+ of 600 s/);
  });

  it('a second demo on the same state is refused with the way out', async () => {
    const stateDir = newStateDir();
    const first = fakeDemo({}, [], stateDir);
    await first.said('control room');
    const second = fakeDemo({}, [], stateDir);
    expect(await second.ended).toBe(1);
    expect(second.stderr()).toContain(`A demo is running already (process ${first.process.pid}`);
    expect(second.stderr()).toContain('--state');
    first.process.kill('SIGTERM');
    await first.ended;
  });

  it('a taken port is refused with its number, its part and the way out', async () => {
    const other = createServer();
    await new Promise<void>((listening) => other.listen(0, '127.0.0.1', listening));
    const { port } = other.address() as AddressInfo;
    const program = fileURLToPath(new URL('../fixtures/fake-demo.mjs', import.meta.url));
    const base = String(port - 1);
    const { status, stderr } = spawnSync(
      process.execPath,
      [program, '{}', '--ports', base, '--state', newStateDir()],
      {
        encoding: 'utf8',
        timeout: 30_000,
      },
    );
    await new Promise((closed) => other.close(closed));
    expect(status).toBe(1);
    expect(stderr).toContain(`${port} (for flights-api)`);
    expect(stderr).toContain('--ports 18080');
  });

  it('--fresh forgets what earlier runs left', async () => {
    const stateDir = newStateDir();
    const first = fakeDemo({}, ['--for', '1'], stateDir);
    await first.ended;
    const password = () => readFileSync(join(stateDir, 'postgres', 'triops-password'), 'utf8');
    const before = password();
    await fakeDemo({}, ['--for', '1'], stateDir).ended;
    expect(password()).toBe(before);
    writeFileSync(join(stateDir, 'thesis.txt'), 'not the demo’s');
    await fakeDemo({}, ['--for', '1', '--fresh'], stateDir).ended;
    expect(password()).not.toBe(before);
    expect(readdirSync(stateDir)).toContain('thesis.txt');
  });

  it('a story does not begin in a folder with an earlier run’s state, and leaves it as it is', async () => {
    const stateDir = newStateDir();
    mkdirSync(join(stateDir, 'mlops'));
    const demo = fakeDemo({}, ['--story', 'april'], stateDir);
    expect(await demo.ended).toBe(1);
    expect(demo.stderr()).toContain('an earlier run left mlops in');
    expect(demo.stderr()).toContain('--fresh');
    expect(readdirSync(stateDir)).toEqual(['mlops']);
  });
});
