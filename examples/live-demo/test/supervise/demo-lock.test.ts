import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { lockDemo } from '../../src/supervise/demo-lock.js';

const stateDirs: string[] = [];
afterEach(() => stateDirs.splice(0).forEach((dir) => rmSync(dir, { recursive: true })));
function newStateDir(): string {
  const dir = mkdtempSync(join(tmpdir(), 'triops-demo-lock-'));
  stateDirs.push(dir);
  return dir;
}

it('a lock that somebody is just writing is not taken away', () => {
  const stateDir = newStateDir();
  writeFileSync(join(stateDir, 'demo.lock'), '');
  expect(lockDemo(stateDir)).toMatchObject({
    kind: 'in-use',
    because: expect.stringContaining('A demo is running already (nobody known') as string,
  });
});

it('a lock that was given back is no sign of a kill', () => {
  const stateDir = newStateDir();
  const first = lockDemo(stateDir);
  expect(first).toMatchObject({ kind: 'locked', wasKilled: false });
  expect(lockDemo(stateDir)).toMatchObject({
    kind: 'in-use',
    because: expect.stringContaining(`process ${process.pid}, state in ${stateDir}`) as string,
  });
  if (first.kind === 'locked') first.release();
  const second = lockDemo(stateDir);
  expect(second).toMatchObject({ kind: 'locked', wasKilled: false });
  if (second.kind === 'locked') second.release();
});
