import { mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { keepNewestRuns, KEPT_RUNS } from '../../src/stage-cache/runs/store.js';
import type { StageCache } from '../../src/stage-cache/stage-cache.js';
import { createStageRunner } from '../../src/stage-runner.js';
import type { StageName, StageOutput } from '../../src/stage-runner/stage.js';
import type { StageChange } from '../../src/stage-runner/run-report.js';
import { cacheIn } from '../shell.js';

const HOUR_MS = 3_600_000;
let modelsDir: string;
let code: Partial<Record<StageName, string>>;
let ran: string[];
let changes: StageChange[];

beforeEach(async () => {
  modelsDir = await mkdtemp(join(tmpdir(), 'mlops-stages-'));
  code = {};
});
afterEach(async () => rm(modelsDir, { recursive: true }));

interface Numbers {
  values: Int32Array;
  because: string;
}
interface Sum {
  sum: number;
  because: string;
}

/** ingest → version (doubles) → evaluate (sums): a new run each time, on the same disk. */
async function run(to: number, cache?: StageCache): Promise<StageOutput<Sum>> {
  ran = [];
  changes = [];
  const onDisk = cache ?? { ...cacheIn(modelsDir), codeOf: (stage) => code[stage] ?? 'first' };
  const { stage } = createStageRunner({
    now: () => 0,
    cache: onDisk,
    onChange: (change) => changes.push(change),
  });
  const raw = await stage('ingest', { to }, ({ to }): Numbers => {
    ran.push('ingest');
    return { values: Int32Array.from({ length: to }, (_, i) => i), because: `${to} numbers` };
  });
  const doubled = await stage('version', { raw }, ({ raw }): Numbers => {
    ran.push('version');
    return { values: raw.values.map((value) => value * 2), because: 'doubled' };
  });
  return stage('evaluate', { doubled, factor: 10 }, ({ doubled, factor }) => {
    ran.push('evaluate');
    return { sum: factor * doubled.values.reduce((a, b) => a + b, 0), because: 'summed' };
  });
}

async function entriesOf(stage: string): Promise<string[]> {
  const folder = join(modelsDir, 'stages', stage);
  return (await readdir(folder)).map((name) => join(folder, name));
}

async function flip(path: string, at: number): Promise<void> {
  const bytes = await readFile(path);
  bytes.writeUInt8(bytes.readUInt8(at) ^ 1, at);
  await writeFile(path, bytes);
}

describe('stages with a cache', () => {
  test('nothing changed, nothing runs, and the report says so', async () => {
    expect((await (await run(4)).value()).sum).toBe(120);
    expect(ran).toEqual(['ingest', 'version', 'evaluate']);
    const again = await run(4);
    expect(ran).toEqual([]);
    expect(await again.value()).toEqual({ sum: 120, because: 'summed' });
    expect(changes.map(({ name, state, because }) => `${name} ${state} ${because}`)).toEqual([
      'ingest passed cached: 4 numbers',
      'version passed cached: doubled',
      'evaluate passed cached: summed',
    ]);
  });

  test('changed code of one stage runs that stage, and those behind it only when its value is another', async () => {
    await run(4);
    code = { version: 'a comment more' };
    await run(4);
    expect(ran).toEqual(['version']);
    code = { version: 'a comment more', evaluate: 'another' };
    await run(4);
    expect(ran).toEqual(['evaluate']);
    await run(5);
    expect(ran).toEqual(['ingest', 'version', 'evaluate']);
  });

  test.each(['arrays.bin', 'value.json'])(
    'a flipped byte in %s is found when it is read, and computed again',
    async (file) => {
      await run(4);
      const [entry = ''] = await entriesOf('ingest');
      await flip(join(entry, file), 1);
      code = { version: 'another' };
      await run(4);
      expect(ran).toEqual(['ingest', 'version']);
      code = { version: 'a third' };
      await run(4);
      expect(ran).toEqual(['version']);
    },
  );

  test('a flipped bit in what an entry says of itself makes it no entry', async () => {
    await run(4);
    const [entry = ''] = await entriesOf('evaluate');
    const path = join(entry, 'entry.json');
    await writeFile(path, (await readFile(path, 'utf8')).replace('summed', 'passed'));
    await run(4);
    expect(ran).toEqual(['evaluate']);
  });

  test('a half-written entry is none: what a kill left behind is a draft or lacks its files', async () => {
    await run(4);
    const [entry = ''] = await entriesOf('version');
    await rm(join(entry, 'entry.json'));
    const [trained = ''] = await entriesOf('evaluate');
    await rm(trained, { recursive: true });
    await run(4);
    expect(ran).toEqual(['version', 'evaluate']);
  });

  describe('a file that a stage wrote beside its value', () => {
    const write = async (text = 'many rows'): Promise<StageOutput<{ because: string }>> => {
      ran = [];
      const { stage } = createStageRunner({
        now: () => 0,
        cache: { ...cacheIn(modelsDir), codeOf: () => 'first' },
        onChange: () => undefined,
      });
      return stage('split', {}, async (_inputs, _progress, folder) => {
        ran.push('split');
        await writeFile(join(folder, 'rows.txt'), text);
        return { because: 'written' };
      });
    };

    test('lies in the entry and is part of its digest', async () => {
      const first = await write();
      const [entry = ''] = await entriesOf('split');
      expect(await readFile(join(entry, 'rows.txt'), 'utf8')).toBe('many rows');
      expect((await write()).digest).toBe(first.digest);
      expect(ran).toEqual([]);
      await rm(entry, { recursive: true });
      expect((await write('other rows')).digest).not.toBe(first.digest);
    });

    test.each([
      ['flipped', async (path: string) => flip(path, 1)],
      ['lost', async (path: string) => rm(path)],
    ])('that is %s is found when the value is read, and written again', async (_how, damage) => {
      await write();
      const [entry = ''] = await entriesOf('split');
      await damage(join(entry, 'rows.txt'));
      await (await write()).value();
      expect(ran).toEqual(['split']);
      expect(await readFile(join(entry, 'rows.txt'), 'utf8')).toBe('many rows');
    });
  });

  test('a lost value that comes out differently stops the run: those behind it speak of the lost one', async () => {
    await run(4);
    const [entry = ''] = await entriesOf('ingest');
    await rm(join(entry, 'arrays.bin'));
    const { stage } = createStageRunner({
      now: () => 0,
      cache: { ...cacheIn(modelsDir), codeOf: () => 'first' },
      onChange: () => undefined,
    });
    const raw = await stage('ingest', { to: 4 }, () => ({ values: Int32Array.of(7), because: 'by dice' }));
    await expect(raw.value()).rejects.toThrow(
      'ingest: its cache entry was damaged, and another value was computed',
    );
  });

  test('a failed verdict is remembered as one', async () => {
    const judge = async (): Promise<StageOutput<{ state: 'passed' | 'failed'; because: string }>> => {
      changes = [];
      const { stage } = createStageRunner({
        now: () => 0,
        cache: cacheIn(modelsDir),
        onChange: (change) => changes.push(change),
      });
      return stage('gate', { limit: 1 }, () => ({ state: 'failed', because: 'too bad' }) as const);
    };
    expect((await judge()).state).toBe('failed');
    expect((await judge()).state).toBe('failed');
    expect(changes).toMatchObject([{ state: 'failed', because: 'cached: too bad' }]);
  });

  test('what was done in the world is done again when it no longer holds', async () => {
    let done = 0;
    const once = async (holds: boolean): Promise<unknown> => {
      const { stage } = createStageRunner({
        now: () => 0,
        cache: cacheIn(modelsDir),
        onChange: () => undefined,
      });
      const work = () => ({ because: `done ${++done} times` });
      return stage('register', {}, work, () => Promise.resolve(holds));
    };
    await once(true);
    await once(true);
    expect(done).toBe(1);
    await once(false);
    expect(done).toBe(2);
  });

  test('an error of the work is the reason in the report, and leaves no entry and no lock', async () => {
    const { stage } = createStageRunner({
      now: () => 0,
      cache: cacheIn(modelsDir),
      onChange: (change) => changes.push(change),
    });
    await expect(
      stage('split', {}, () => {
        throw new Error('no days');
      }),
    ).rejects.toThrow('no days');
    expect(changes.at(-1)).toMatchObject({ name: 'split', state: 'failed', because: 'no days' });
    expect(await entriesOf('split')).toEqual([]);
  });
});

describe('the size of the cache', () => {
  test('is bounded: what none of the newest runs used goes, when no run that is under way can need it', async () => {
    for (let to = 1; to <= KEPT_RUNS + 2; to++) {
      await run(to);
      await keepNewestRuns(modelsDir, await usedNow(to));
    }
    expect(await entriesOf('ingest')).toHaveLength(KEPT_RUNS + 2);
    const { mtimeMs } = await stat(join(modelsDir, 'stages', 'ingest'));
    await run(3);
    await keepNewestRuns(modelsDir, await usedNow(3), mtimeMs + 2 * HOUR_MS);
    expect(await entriesOf('ingest')).toHaveLength(KEPT_RUNS);
    await run(3);
    expect(ran).toEqual([]);
    await run(1);
    expect(ran).toEqual(['ingest', 'version', 'evaluate']);
  });

  test('what a run has found stays until it ends, however old it is, and so does what it writes', async () => {
    const age = async (...stages: string[]): Promise<void> => {
      const long = new Date(Date.now() - 2 * HOUR_MS);
      for (const entry of (await Promise.all(stages.map(entriesOf))).flat()) await utimes(entry, long, long);
    };
    const anotherRunEnds = () => keepNewestRuns(modelsDir, [{ stage: 'ingest', key: 'of another plan' }]);
    await run(4);
    await age('ingest');
    let now = 0;
    const { stage } = createStageRunner({
      now: () => (now += 1000),
      cache: { ...cacheIn(modelsDir), codeOf: () => 'first' },
      onChange: () => undefined,
    });
    const raw = await stage('ingest', { to: 4 }, (): Numbers => ({
      values: Int32Array.of(),
      because: 'again',
    }));
    await anotherRunEnds();
    expect(await entriesOf('ingest')).toHaveLength(1);
    const rows = await stage('split', { raw }, async (_inputs, progress, folder) => {
      await writeFile(join(folder, 'rows.txt'), 'many rows');
      await age('ingest', 'split');
      progress(1, 2);
      await anotherRunEnds();
      expect(await readFile(join(folder, 'rows.txt'), 'utf8')).toBe('many rows');
      return { because: 'written' };
    });
    expect(rows.because).toBe('written');
    expect(await entriesOf('ingest')).toHaveLength(1);
  });

  test('does not grow by what a killed run had begun: nobody takes it for an entry, and when it is old it goes', async () => {
    const begun = await cacheIn(modelsDir).draft('ingest', 'a'.repeat(64));
    await writeFile(join(begun.folder, 'train.f32'), 'half of the rows');
    expect(await cacheIn(modelsDir).find('ingest', 'a'.repeat(64))).toBeUndefined();
    await run(4);
    expect(await entriesOf('ingest')).toContain(begun.folder);
    const again = await cacheIn(modelsDir).draft('ingest', 'a'.repeat(64));
    expect(await entriesOf('ingest')).not.toContain(begun.folder);
    const { mtimeMs } = await stat(again.folder);
    await keepNewestRuns(modelsDir, await usedNow(4), mtimeMs + 2 * HOUR_MS);
    expect(await entriesOf('ingest')).toHaveLength(1);
    expect(await entriesOf('ingest')).not.toContain(again.folder);
  });

  async function usedNow(to: number): Promise<{ stage: StageName; key: string }[]> {
    const used: { stage: StageName; key: string }[] = [];
    const cache = cacheIn(modelsDir);
    await run(to, {
      ...cache,
      codeOf: () => 'first',
      find: async (stage, key) => {
        used.push({ stage, key });
        return cache.find(stage, key);
      },
    });
    return used;
  }
});
