import { fork, spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync, utimesSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { lockHolder, tryLock, withLock } from '../src/lock-file.js';
import { bornAt } from '../src/process-life.js';

const STORE = new URL('../dist/lock-file.js', import.meta.url).href;
const HOUR_AGO = new Date(Date.now() - 3_600_000);
// Processes of their own: a busy machine may take long to start them.
vi.setConfig({ testTimeout: 120_000 });

let folder: string;
let lock: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'triops-lock-'));
  lock = join(folder, 'lock');
});
afterEach(async () => rm(folder, { recursive: true }));

const process_ = (code: string) =>
  spawn(process.execPath, ['--input-type=module', '--eval', code], { stdio: ['ignore', 'pipe', 'inherit'] });

test('four processes that read, add and write a hundred times each lose nothing', async () => {
  const counter = join(folder, 'counter');
  await writeFile(counter, '0');
  const code = `
    import { readFile, writeFile } from 'node:fs/promises';
    import { withLock } from ${JSON.stringify(STORE)};
    for (let i = 0; i < 100; i++)
      await withLock(${JSON.stringify(lock)}, async () => {
        const count = Number(await readFile(${JSON.stringify(counter)}, 'utf8'));
        await writeFile(${JSON.stringify(counter)}, String(count + 1));
      });`;
  await Promise.all([1, 2, 3, 4].map(async () => once(process_(code), 'exit')));
  expect(await readFile(counter, 'utf8')).toBe('400');
  expect(await readdir(folder)).toEqual(['counter']);
});

test('the lock of a killed process is taken over', async () => {
  const holder = process_(`
    import { withLock } from ${JSON.stringify(STORE)};
    await withLock(${JSON.stringify(lock)}, () => new Promise(() => { console.log('held'); setInterval(() => {}, 1000); }));`);
  await once(holder.stdout, 'data');
  const waitedFor: string[] = [];
  const taken = withLock(lock, () => 'taken', { waiting: (owner) => waitedFor.push(owner) });
  await expect.poll(() => waitedFor).toEqual([`process ${holder.pid}@${hostname()}`]);
  holder.kill('SIGKILL');
  expect(await taken).toBe('taken');
});

test('within a process one waits for the other, and an error frees the lock', async () => {
  const order: string[] = [];
  const first = withLock(lock, async () => {
    order.push('first');
    await Promise.resolve();
    order.push('first ends');
    throw new Error('no');
  });
  const second = withLock(lock, () => order.push('second'));
  await expect(first).rejects.toThrow('no');
  await second;
  expect(order).toEqual(['first', 'first ends', 'second']);
});

/** A number that no process has any more. */
async function deadPid(): Promise<number> {
  const child = process_('');
  await once(child, 'exit');
  return child.pid ?? 0;
}

test('who has a lock can be asked without taking it, and who is dead has none', async () => {
  expect(lockHolder(lock)).toBeUndefined();
  await withLock(lock, () => expect(lockHolder(lock)).toBe(`process ${process.pid}@${hostname()}`));
  expect(lockHolder(lock)).toBeUndefined();
  const left = `${await deadPid()}@${hostname()} killed`;
  await writeFile(lock, left);
  expect(lockHolder(lock)).toBeUndefined();
  expect(await readFile(lock, 'utf8'), 'it is not taken away').toBe(left);
});

const isHeld = (lock: ReturnType<typeof tryLock>) => 'release' in lock;

test('of two processes that find one stale lock exactly one takes it, fifty times', async () => {
  const program = join(folder, 'taker.mjs');
  await writeFile(
    program,
    `import fs from 'node:fs';
    import { syncBuiltinESMExports } from 'node:module';
    import { tryLock } from ${JSON.stringify(STORE)};
    let lock;
    let order = {};
    const { rmSync } = fs;
    // Lets the other one in between the decision to remove the stale lock and its removal.
    fs.rmSync = (path, options) => {
      if (path === order.path) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, order.dawdleMs);
      rmSync(path, options);
    };
    syncBuiltinESMExports();
    process.on('message', (next) => {
      order = {};
      lock?.release?.();
      order = next;
      const { path, at } = order;
      while (Date.now() < at);
      lock = tryLock(path);
      process.send('release' in lock);
    });
    process.send('here');`,
  );
  const takers = [fork(program, { execArgv: [] }), fork(program, { execArgv: [] })];
  await Promise.all(takers.map(async (taker) => once(taker, 'message')));
  const dead = await deadPid();
  const ask = async (taker: ChildProcess, order: object): Promise<boolean> => {
    const answer = once(taker, 'message') as Promise<[boolean]>;
    taker.send(order);
    return (await answer)[0];
  };
  const wins: number[] = [];
  for (let round = 0; round < 50; round++) {
    const path = join(folder, `lock-${round}`);
    await writeFile(path, `${dead}@${hostname()} 1 left-in-round-${round}`);
    const at = Date.now() + 4;
    const won = await Promise.all(
      takers.map(async (taker, n) => ask(taker, { path, at, dawdleMs: (round * 7 + n * 3) % 5 })),
    );
    wins.push(won.filter(Boolean).length);
  }
  for (const taker of takers) taker.kill();
  expect(wins).toEqual(Array<number>(50).fill(1));
});

test('whoever is killed while it takes a stale lock away leaves it to the next', async () => {
  const [first, second] = [await deadPid(), await deadPid()];
  const stale = `${first}@${hostname()} 1 left`;
  await writeFile(lock, stale);
  const guard = createHash('sha256').update(stale).digest('hex').slice(0, 16);
  await writeFile(`${lock}.${guard}`, `${second}@${hostname()} 1 left-too`);
  const taken = tryLock(lock);
  expect(isHeld(taken)).toBe(true);
  if ('release' in taken) taken.release();
  expect(await readdir(folder)).toEqual([]);
});

test.skipIf(bornAt(process.pid) === '')(
  'a number that a younger process has by now holds no lock',
  async () => {
    await writeFile(lock, `${process.ppid}@${hostname()} 1 of-before`);
    const taken = tryLock(lock);
    expect(isHeld(taken)).toBe(true);
    if ('release' in taken) taken.release();
    await writeFile(lock, `${process.ppid}@${hostname()} ${bornAt(process.ppid)} its-own`);
    utimesSync(lock, HOUR_AGO, HOUR_AGO);
    expect(tryLock(lock), 'it lives, however silent it is').toEqual({
      owner: `process ${process.ppid}@${hostname()}`,
    });
  },
);

test('the number of this process, from before, holds no lock', async () => {
  await writeFile(lock, `${process.pid}@${hostname()} of-before`);
  const taken = tryLock(lock);
  expect(isHeld(taken)).toBe(true);
  if ('release' in taken) taken.release();
});

test.each(['', 'no lock of ours', '4711@another-host 1 word'])(
  'a lock that says "%s" cannot be asked about: its age decides',
  async (said) => {
    await writeFile(lock, said);
    expect(isHeld(tryLock(lock))).toBe(false);
    utimesSync(lock, HOUR_AGO, HOUR_AGO);
    const taken = tryLock(lock);
    expect(isHeld(taken)).toBe(true);
    if ('release' in taken) taken.release();
  },
);

test('what is no file at all is held by nobody known, and never taken for a lock that can go', async () => {
  mkdirSync(lock);
  expect(tryLock(lock)).toEqual({ owner: 'nobody known' });
  await expect(withLock(lock, () => 'never', { patienceMs: 0 })).rejects.toMatchObject({
    message: `${lock} is held by nobody known`,
  });
  utimesSync(lock, HOUR_AGO, HOUR_AGO);
  expect(() => tryLock(lock)).toThrow();
  expect(await readdir(folder)).toEqual(['lock']);
});

test('who lost the lock to another neither touches nor removes it', async () => {
  const mine = tryLock(lock);
  await rm(lock);
  await writeFile(lock, '1@elsewhere 1 another');
  utimesSync(lock, HOUR_AGO, HOUR_AGO);
  if ('release' in mine) {
    mine.touch();
    mine.release();
  }
  expect(await readFile(lock, 'utf8')).toBe('1@elsewhere 1 another');
  expect(isHeld(tryLock(lock)), 'still old').toBe(true);
});

test('drafts that killed processes left are swept by the next that locks there, not those of today', async () => {
  const draft = `${lock}.0b8f2a34-1c7e-4d0a-9d55-6f5a3f1d2c11`;
  const [guard, other] = [`${lock}.0123456789abcdef`, `${lock}.json`];
  const draftOfGuard = `${guard}.5d1c7a52-9a3b-4f43-8d0e-0e5b6a7c8d9e`;
  for (const file of [draft, guard, draftOfGuard, other]) {
    await writeFile(file, '');
    utimesSync(file, HOUR_AGO, new Date(HOUR_AGO.getTime() - 1_000));
  }
  await writeFile(`${lock}.fresh0`, '');
  await withLock(lock, () => undefined);
  expect((await readdir(folder)).sort()).toEqual(['lock.fresh0', 'lock.json']);
});
