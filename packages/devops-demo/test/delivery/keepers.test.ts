/** What a keeper leaves when it is asked to stop: nothing, whatever it waits for and whatever its version does. */
import { fork, spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, openSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isAlive } from 'service-chassis/process-life';
import { afterAll, expect, it } from 'vitest';
import { manifestOf } from '../../src/delivery/build.js';
import { recordFile } from '../../src/delivery/instances.js';
import { endChild } from '../../src/delivery/instances/end-child/process.js';
import { keeperIn } from '../../src/delivery/instances/files/store.js';
import { keepSlot } from '../../src/delivery/instances/slot/process.js';
import type { SlotOptions } from '../../src/delivery/instances/slot/process.js';
import { writeJson } from '../../src/delivery/json-file/store.js';
import { readBuiltFiles } from '../../src/delivery/store.js';
import { PACKAGE_DIR } from '../harness.js';

const HOUR_MS = 3_600_000;
const MOST_MS = 120_000;
const stateDir = mkdtempSync(join(tmpdir(), 'triops-keepers-'));
const LOG = join(stateDir, 'instances/log');
afterAll(() => rmSync(stateDir, { recursive: true, force: true }));

const OBEDIENT = `console.log('process', process.pid);
process.send?.('here');
setInterval(() => {}, 1_000);
`;
const STUBBORN = `process.on('SIGTERM', () => {});
process.on('disconnect', () => {});
${OBEDIENT}`;

async function running(program: string): Promise<ChildProcess> {
  const file = join(stateDir, 'program.mjs');
  writeFileSync(file, program);
  const child = fork(file, { execArgv: [], silent: true });
  await once(child, 'message');
  return child;
}

/** @returns its digest */
function artifact(program: string): string {
  const aside = join(stateDir, 'artifacts/aside');
  mkdirSync(join(aside, 'dist/service'), { recursive: true });
  writeFileSync(join(aside, 'dist/service/main.js'), program);
  writeFileSync(join(aside, 'manifest.json'), '');
  const about = { name: 'devops-demo', version: '9.9.9', commit: 'c0ffee' };
  const manifest = manifestOf(about, readBuiltFiles(aside));
  writeFileSync(join(aside, 'manifest.json'), JSON.stringify(manifest));
  renameSync(aside, join(stateDir, 'artifacts', manifest.digest));
  return manifest.digest;
}

function want(digest: string): void {
  mkdirSync(join(stateDir, 'instances'), { recursive: true });
  const about = { id: digest, slot: 'blue', port: 1, url: 'http://127.0.0.1:1', version: '9.9.9' };
  writeJson(join(stateDir, recordFile('blue')), { ...about, digest, commit: 'c0ffee', logFile: LOG });
}

function keep(times: Pick<SlotOptions, 'firstPauseMs' | 'patienceMs'>) {
  const asked = new AbortController();
  const env = { PATH: process.env['PATH'], PORT: '0' };
  const options = { slot: 'blue', stateDir, env, asked: asked.signal, ...times } as const;
  return { asked, ended: keepSlot({ ...options, say: () => undefined }) };
}

it('a version that ignores SIGTERM is killed when its time is over', { timeout: MOST_MS }, async () => {
  const child = await running(STUBBORN);
  await endChild(child, 50);
  expect(child.signalCode).toBe('SIGKILL');
  await endChild(child, HOUR_MS);
});

it('a version that ends when it is asked to is not waited for', { timeout: MOST_MS }, async () => {
  const child = await running(OBEDIENT);
  await endChild(child, HOUR_MS);
  expect(child.signalCode).toBe('SIGTERM');
});

const logged = () => readFileSync(LOG, { encoding: 'utf8', flag: 'a+' });

/** The keeper as a process of its own, as it is without containers. */
function keepApart(digest: string) {
  const program = join(PACKAGE_DIR, 'dist/delivery/instances/main.js');
  const log = openSync(LOG, 'a');
  const words = [program, digest, 'blue', stateDir, join(stateDir, 'artifacts')];
  const child = spawn(process.execPath, words, { stdio: ['ignore', log, log] });
  const ended = once(child, 'exit');
  return { asked: { abort: () => child.kill('SIGTERM') }, ended };
}

it.each([
  ['of this machine', keepApart],
  ['of a slot', () => keep({})],
])(
  'a keeper %s does not start again what was changed while it ran, and says why',
  { timeout: MOST_MS },
  async (_which, keeping) => {
    rmSync(LOG, { force: true });
    const digest = artifact(OBEDIENT);
    want(digest);
    const { asked, ended } = keeping(digest);
    const pid = () => Number(/process (\d+)/.exec(logged())?.[1]);
    await expect.poll(pid, { timeout: MOST_MS }).toBeGreaterThan(0);
    const program = join(stateDir, 'artifacts', digest, 'dist/service/main.js');
    writeFileSync(program, `console.log('tampered');${OBEDIENT}`);
    process.kill(pid(), 'SIGKILL');
    const why = `artifact ${digest.slice(0, 12)} is refused: dist/service/main.js is not what was built`;
    await expect.poll(() => keeperIn(stateDir, 'blue')?.refused, { timeout: MOST_MS }).toBe(why);
    await expect.poll(logged, { timeout: MOST_MS }).toContain(why);
    expect(logged()).not.toContain('tampered');
    writeFileSync(program, OBEDIENT);
    await expect
      .poll(() => logged().match(/process \d+/g)?.length, { timeout: MOST_MS, message: 'mended, it starts' })
      .toBe(2);
    expect(keeperIn(stateDir, 'blue')?.refused).toBeUndefined();
    asked.abort();
    await ended;
    rmSync(join(stateDir, 'artifacts', digest), { recursive: true });
  },
);

it('a slot that is asked to stop leaves no version behind', { timeout: MOST_MS }, async () => {
  rmSync(LOG, { force: true });
  want(artifact(STUBBORN));
  const { asked, ended } = keep({ patienceMs: 50 });
  const pid = () => Number(/process (\d+)/.exec(logged())?.[1]);
  await expect.poll(pid, { timeout: MOST_MS }).toBeGreaterThan(0);
  expect(isAlive(pid())).toBe(true);
  asked.abort();
  await ended;
  expect(isAlive(pid())).toBe(false);
});

it(
  'a slot stops in the middle of an hour of waiting for the next restart',
  { timeout: MOST_MS },
  async () => {
    want('f'.repeat(64));
    const { asked, ended } = keep({ firstPauseMs: HOUR_MS });
    await expect.poll(() => keeperIn(stateDir, 'blue')?.restarts).toBe(0);
    asked.abort();
    await ended;
    expect(keeperIn(stateDir, 'blue')).toBeUndefined();
  },
);

it('a slot is free as soon as its record is gone, even while it waits', { timeout: MOST_MS }, async () => {
  want('f'.repeat(64));
  const { asked, ended } = keep({ firstPauseMs: HOUR_MS });
  await expect.poll(() => keeperIn(stateDir, 'blue')?.restarts).toBe(0);
  rmSync(join(stateDir, recordFile('blue')));
  await expect.poll(() => keeperIn(stateDir, 'blue'), { timeout: MOST_MS }).toBeUndefined();
  asked.abort();
  await ended;
});
