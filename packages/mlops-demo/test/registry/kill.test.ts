/** Commands that are killed between their writes, with SIGKILL, in processes of their own. */
import { spawnSync } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openAuditLog } from 'devops-demo/audit';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { chooseBackend } from '../../src/backend.js';
import { readStored, recoverRegistry } from '../../src/registry/state/store.js';
import { readStages, registerModel, transition } from '../../src/registry/changes/store.js';
import { productionVersion } from '../../src/registry/store.js';
import { artifactOf, randomModel } from '../serve/world.js';

const PROGRAM = fileURLToPath(new URL('killed-after.mjs', import.meta.url));
const who = { by: 'person:ada', because: 'a test says so', at: '2001-02-01T00:00:00.000Z' };
// Processes of their own: a busy machine may take long to start them.
vi.setConfig({ testTimeout: 120_000 });

let modelsDir: string;
beforeEach(async () => {
  vi.stubEnv('TRIOPS_STATE_DIR', '');
  await chooseBackend('cpu');
  modelsDir = await mkdtemp(join(tmpdir(), 'mlops-killed-'));
  for (const version of ['m-1', 'm-2', 'm-3']) {
    await registerModel(modelsDir, await artifactOf(randomModel(1), version, []));
    if (version !== 'm-3') await transition(modelsDir, { ...who, version, to: 'production' });
  }
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(modelsDir, { recursive: true });
});

/** Runs a command until it has replaced this file; answers the signal that ended it. */
function killedAfter(file: string, ...args: string[]): NodeJS.Signals | null {
  return spawnSync(process.execPath, [PROGRAM, file, ...args, '--out', modelsDir]).signal;
}

const aliasOf = async (): Promise<string> => (await readFile(join(modelsDir, 'production'), 'utf8')).trim();
const stages = async (): Promise<string[]> =>
  (await readStages(modelsDir)).map(({ version, stage }) => `${version} ${stage}`);

const COMMANDS = [
  {
    args: ['promote', 'm-3'],
    served: 'm-3',
    after: ['m-1 archived', 'm-2 archived', 'm-3 production'],
    action: 'model.promoted',
  },
  {
    args: ['rollback'],
    served: 'm-1',
    after: ['m-1 production', 'm-2 archived', 'm-3 candidate'],
    action: 'model.rolled-back',
  },
  {
    args: ['stage', 'm-3', 'shadow'],
    served: 'm-2',
    after: ['m-1 archived', 'm-2 production', 'm-3 shadow'],
    action: 'model.staged',
  },
];

describe.each(COMMANDS)('mlops $args killed', ({ args, served, after, action }) => {
  test('right after registry.json has been replaced has happened: readers see it at once, a start finishes it', async () => {
    expect(killedAfter('registry.json', ...args)).toBe('SIGKILL');
    expect(await aliasOf()).toBe('m-2');
    expect((await readStored(modelsDir)).unrecorded).toMatchObject([{ action }]);
    expect(await productionVersion(modelsDir)).toBe(served);
    expect(await stages()).toEqual(after);
    await recoverRegistry(modelsDir);
    expect(await aliasOf()).toBe(served);
    expect(await stages()).toEqual(after);
    const recorded = await openAuditLog(modelsDir).entries();
    expect(recorded.at(-1)).toMatchObject({ action });
    expect(recorded).toHaveLength(6);
    expect(await openAuditLog(modelsDir).verify()).toMatchObject({ kind: 'intact' });
  });
});

test('a promotion killed after the alias has moved is recorded by the next change', async () => {
  expect(killedAfter('production', 'promote', 'm-3')).toBe('SIGKILL');
  expect(await aliasOf()).toBe('m-3');
  await transition(modelsDir, { ...who, version: 'm-1', to: 'candidate' });
  const recorded = (await openAuditLog(modelsDir).entries()).map(({ action }) => action);
  expect(recorded.slice(-2)).toEqual(['model.promoted', 'model.staged']);
  expect(await productionVersion(modelsDir)).toBe('m-3');
});
