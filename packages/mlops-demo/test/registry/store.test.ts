import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openAuditLog } from 'devops-demo/audit';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { chooseBackend } from '../../src/backend.js';
import { challenger } from '../../src/registry/stages.js';
import type { ModelStage } from '../../src/registry/stages.js';
import { readStages, registerModel, rollback, transition } from '../../src/registry/changes/store.js';
import { loadModel, productionVersion } from '../../src/registry/store.js';
import { artifactOf, randomModel } from '../serve/world.js';
import { pointProduction } from './point-production.js';

const CLI = fileURLToPath(new URL('../../dist/cli.js', import.meta.url));
const DEVOPS = fileURLToPath(new URL('../../../devops-demo/dist/cli.js', import.meta.url));
const who = { by: 'person:ada', because: 'a test says so', at: '2001-02-01T00:00:00.000Z' };
// Processes of their own: a busy machine may take long to start them.
vi.setConfig({ testTimeout: 120_000 });

let modelsDir: string;

beforeEach(async () => {
  vi.stubEnv('TRIOPS_STATE_DIR', '');
  await chooseBackend('cpu');
  modelsDir = await mkdtemp(join(tmpdir(), 'mlops-registry-'));
  for (const [seed, version] of ['m-1', 'm-2', 'm-3'].entries()) {
    await registerModel(modelsDir, await artifactOf(randomModel(seed), version, []));
  }
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(modelsDir, { recursive: true });
});

const stages = async (): Promise<string[]> =>
  (await readStages(modelsDir)).map(({ version, stage }) => `${version} ${stage}`);
const to = async (version: string, stage: ModelStage): Promise<unknown> =>
  transition(modelsDir, { ...who, version, to: stage });
const audited = async (): Promise<string[]> =>
  (await openAuditLog(modelsDir).entries()).map(({ action, subject }) => `${action} ${subject}`);
const damage = async (version: string): Promise<void> =>
  truncate(join(modelsDir, 'versions', version, 'weights.bin'), 10);

describe('stages on disk', () => {
  test('a registered version is a candidate', async () => {
    expect(await stages()).toEqual(['m-1 candidate', 'm-2 candidate', 'm-3 candidate']);
  });

  test('promotion archives the one before and moves the alias that servers follow', async () => {
    await to('m-1', 'production');
    await transition(modelsDir, { ...who, version: 'm-2', to: 'canary', share: 0.1 });
    expect(challenger(await readStages(modelsDir))).toMatchObject({ version: 'm-2', share: 0.1 });
    await to('m-2', 'production');
    expect(await stages()).toEqual(['m-1 archived', 'm-2 production', 'm-3 candidate']);
    expect(await productionVersion(modelsDir)).toBe('m-2');
    expect(await loadModel(modelsDir)).toMatchObject({ state: 'loaded', manifest: { version: 'm-2' } });
  });

  test('a damaged version cannot be promoted, shadowed or tried, and the reason names the file', async () => {
    await damage('m-2');
    await expect(to('m-2', 'production')).rejects.toThrow(/^m-2: weights\.bin has 10 bytes/);
    await expect(to('m-2', 'shadow')).rejects.toThrow(/weights\.bin/);
    expect(await productionVersion(modelsDir)).toBeUndefined();
  });

  test('rollback goes back to the version before, past a damaged one', async () => {
    for (const version of ['m-1', 'm-2', 'm-3']) await to(version, 'production');
    await damage('m-2');
    await rollback(modelsDir, who);
    expect(await productionVersion(modelsDir)).toBe('m-1');
    await expect(rollback(modelsDir, who)).rejects.toThrow('no usable version was in production before m-1');
  });

  test('an alias that was moved by hand counts, and can be rolled back', async () => {
    await to('m-1', 'production');
    await pointProduction(modelsDir, 'm-3');
    expect(await stages()).toEqual(['m-1 archived', 'm-2 candidate', 'm-3 production']);
    await rollback(modelsDir, who);
    expect(await productionVersion(modelsDir)).toBe('m-1');
  });

  test('a registry from before there were stages has candidates and the version of its alias', async () => {
    await rm(join(modelsDir, 'registry.json'));
    await pointProduction(modelsDir, 'm-1');
    expect(await stages()).toEqual(['m-1 production', 'm-2 candidate', 'm-3 candidate']);
  });
});

describe('the audit log of models', () => {
  test('holds each change once, and asking again for what is so already is no change', async () => {
    await to('m-1', 'production');
    await to('m-1', 'production');
    await to('m-2', 'shadow');
    await to('m-2', 'production');
    await rollback(modelsDir, who);
    await to('m-3', 'archived');
    expect(await audited()).toEqual([
      'model.registered delay-risk m-1',
      'model.registered delay-risk m-2',
      'model.registered delay-risk m-3',
      'model.promoted delay-risk m-1',
      'model.staged delay-risk m-2',
      'model.promoted delay-risk m-2',
      'model.rolled-back delay-risk m-1',
      'model.archived delay-risk m-3',
    ]);
    const [promoted] = (await openAuditLog(modelsDir).entries()).filter(
      ({ action }) => action === 'model.rolled-back',
    );
    expect(promoted).toMatchObject({
      actor: 'person:ada',
      because: 'a test says so',
      details: { from: 'archived', to: 'production', replaced: 'm-2' },
    });
  });

  test('is read and verified by devops, which finds a changed line', async () => {
    await to('m-1', 'production');
    const verify = () =>
      spawnSync(process.execPath, [DEVOPS, 'audit', 'verify', '--state', modelsDir], { encoding: 'utf8' });
    expect(verify()).toMatchObject({
      status: 0,
      stdout: expect.stringMatching(/^intact: 4 entries/) as string,
    });
    const path = join(modelsDir, 'audit.jsonl');
    await writeFile(path, (await readFile(path, 'utf8')).replace('person:ada', 'person:eve'));
    expect(verify()).toMatchObject({
      status: 3,
      stdout: expect.stringContaining('line 4 was changed') as string,
    });
  });

  test('is the one shared with releases where TRIOPS_STATE_DIR names it, and DORA counts no model as a release', async () => {
    const shared = await mkdtemp(join(tmpdir(), 'triops-state-'));
    vi.stubEnv('TRIOPS_STATE_DIR', shared);
    await to('m-1', 'production');
    const devops = (...args: string[]) =>
      spawnSync(process.execPath, [DEVOPS, ...args, '--state', shared], { encoding: 'utf8' }).stdout;
    expect(devops('audit', 'list')).toContain('person:ada  model.promoted  delay-risk m-1: a test says so');
    const measured = devops('dora');
    await rm(shared, { recursive: true });
    expect(await audited()).toHaveLength(3);
    expect(measured).toContain('(0 deployments)');
  });

  test.each(['before the alias has moved', 'after the alias has moved'])(
    'a change that was killed %s is finished and recorded by the next one',
    async (moment) => {
      await to('m-1', 'production');
      const path = join(modelsDir, 'registry.json');
      const before = await readFile(path, 'utf8');
      const log = await readFile(join(modelsDir, 'audit.jsonl'), 'utf8');
      const head = await readFile(join(modelsDir, 'audit.head.json'), 'utf8');
      await to('m-2', 'production');
      // The disk as a kill right after registry.json was written leaves it.
      const { records } = JSON.parse(await readFile(path, 'utf8')) as { records: unknown };
      const entry = (await openAuditLog(modelsDir).entries()).at(-1);
      const { at, actor, action, subject, because, details } = entry!;
      const owed = { at, actor, action, subject, because, details };
      await writeFile(
        path,
        JSON.stringify({ ...(JSON.parse(before) as object), records, unrecorded: [owed] }),
      );
      await writeFile(join(modelsDir, 'audit.jsonl'), log);
      await writeFile(join(modelsDir, 'audit.head.json'), head);
      if (moment.startsWith('before')) await pointProduction(modelsDir, 'm-1');
      expect(await stages()).toEqual(['m-1 archived', 'm-2 production', 'm-3 candidate']);
      await to('m-3', 'shadow');
      expect(await productionVersion(modelsDir)).toBe('m-2');
      expect((await audited()).slice(-2)).toEqual([
        'model.promoted delay-risk m-2',
        'model.staged delay-risk m-3',
      ]);
    },
  );

  test('a damaged log does not keep a bad model in production: the entry stays owed', async () => {
    await to('m-1', 'production');
    await to('m-2', 'production');
    const path = join(modelsDir, 'audit.jsonl');
    const log = await readFile(path, 'utf8');
    await writeFile(path, `${log}not an entry\n`);
    await rollback(modelsDir, who);
    expect(await productionVersion(modelsDir)).toBe('m-1');
    expect(
      spawnSync(process.execPath, [CLI, 'list', '--out', modelsDir], { encoding: 'utf8' }).stdout,
    ).toContain('1 audit entries could not be written yet');
    await writeFile(path, log);
    await to('m-3', 'shadow');
    expect((await audited()).slice(-2)).toEqual([
      'model.rolled-back delay-risk m-1',
      'model.staged delay-risk m-3',
    ]);
  });
});

describe('the command line', () => {
  const mlops = (...args: string[]): { status: number | null; stdout: string; stderr: string } =>
    spawnSync(process.execPath, [CLI, ...args, '--out', modelsDir], { encoding: 'utf8' });

  test('promotes, tries, rolls back and lists', () => {
    expect(mlops('promote', 'm-1').stdout).toMatch(/^m-1 is production since /);
    expect(mlops('promote', 'm-2', '--by', 'person:bob', '--because', 'better').status).toBe(0);
    expect(mlops('stage', 'm-3', 'canary', '--share', '0.1').stdout).toMatch(
      /^m-3 is canary with 10 % of the requests since /,
    );
    expect(mlops('rollback').stdout).toMatch(/^m-1 is production since .*, rolled back\n$/);
    const listed = mlops('list').stdout;
    expect(listed).toMatch(/^\* m-1 {2}production /m);
    expect(listed).toMatch(/^ {2}m-2 {2}archived /m);
    expect(listed).toMatch(/^ {2}m-3 {2}canary 10 % /m);
  });

  test('says why it refuses, and what it does not understand', () => {
    expect(mlops('promote', 'm-9')).toMatchObject({
      status: 1,
      stderr: "mlops: the registry has no version 'm-9'; npx mlops list shows them\n",
    });
    expect(mlops('stage', 'm-1', 'retired').stderr).toContain('expected candidate, shadow, canary');
    expect(mlops('stage', 'm-1', 'canary', '--share', '2')).toMatchObject({ status: 2 });
    expect(mlops('promote').stderr).toContain('promote: expected a version');
  });

  test.each([['garbage'], ['{"records": [{"version": 7}]}']])(
    'names a registry.json that is damaged, and the remedy, which works: %s',
    async (text) => {
      const path = join(modelsDir, 'registry.json');
      await transition(modelsDir, { ...who, version: 'm-2', to: 'production' });
      await writeFile(path, text);
      for (const words of [['list'], ['promote', 'm-1'], ['rollback']]) {
        const refused = mlops(...words);
        expect(refused.status).toBe(1);
        expect(refused.stderr).toMatch(
          /^mlops: .*registry\.json is damaged \(.*\): restore it from a copy, or move it away/,
        );
      }
      await rm(path);
      expect(mlops('list').stdout).toMatch(/^\* m-2 {2}production /m);
    },
  );

  test('eight changes by eight processes at once: none is lost, and the log is intact', async () => {
    const args = (index: number): string[] =>
      index % 2 === 0 ? ['promote', `m-${(index % 3) + 1}`] : ['stage', 'm-3', 'archived'];
    const codes = await Promise.all(
      Array.from({ length: 8 }, async (_, index) => {
        const child = spawn(process.execPath, [CLI, ...args(index), '--out', modelsDir], { stdio: 'ignore' });
        const [code] = (await once(child, 'exit')) as [number];
        return code;
      }),
    );
    expect(codes.every((code) => code === 0 || code === 1)).toBe(true);
    expect(await openAuditLog(modelsDir).verify()).toMatchObject({ kind: 'intact' });
    const promotions = (await audited()).filter((line) => line.startsWith('model.promoted'));
    const served = await productionVersion(modelsDir);
    expect(promotions.at(-1)).toBe(`model.promoted delay-risk ${served}`);
    expect((await stages()).filter((line) => line.endsWith(' production'))).toEqual([`${served} production`]);
  });
});
