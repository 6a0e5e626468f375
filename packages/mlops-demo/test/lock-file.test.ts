import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { withLock } from '../src/lock-file/store.js';

const STORE = new URL('../dist/lock-file/store.js', import.meta.url).href;
// Processes of their own: a busy machine may take long to start them.
vi.setConfig({ testTimeout: 120_000 });

let folder: string;
let lock: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mlops-lock-'));
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
