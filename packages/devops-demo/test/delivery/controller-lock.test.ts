import { mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { lockController } from '../../src/delivery/release/store.js';

let stateDir = '';
let path = '';
const HOUR_AGO = new Date(Date.now() - 3_600_000);

beforeEach(() => {
  stateDir = mkdtempSync(join(tmpdir(), 'triops-lock-'));
  path = join(stateDir, 'controller.lock');
});
afterEach(() => {
  vi.useRealTimers();
  rmSync(stateDir, { recursive: true, force: true });
});

it('a lock is held against everybody until it is given back', () => {
  const unlock = lockController(stateDir);
  expect(() => lockController(stateDir)).toThrow(`process ${process.pid} is releasing already`);
  unlock();
  lockController(stateDir)();
});

it('a lock of a process of before with the number of this one is taken over', () => {
  writeFileSync(path, `${process.pid}@${hostname()} of-before`);
  const unlock = lockController(stateDir);
  expect(readFileSync(path, 'utf8')).not.toContain('of-before');
  unlock();
});

it('a young lock of a living process counts, and one that nobody has touched for long does not', () => {
  writeFileSync(path, `${process.ppid}@${hostname()} another`);
  expect(() => lockController(stateDir)).toThrow('is releasing already');
  utimesSync(path, HOUR_AGO, HOUR_AGO);
  lockController(stateDir)();
});

it('a lock that was lost to another is neither touched nor removed', () => {
  vi.useFakeTimers();
  const unlock = lockController(stateDir);
  rmSync(path);
  vi.advanceTimersByTime(10_000);
  writeFileSync(path, '1@elsewhere another');
  unlock();
  expect(readFileSync(path, 'utf8')).toBe('1@elsewhere another');
});
