import { mkdir, mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { draftOf } from '../../src/registry/durable/store.js';
import { changeState } from '../../src/registry/state/store.js';

test('the next change sweeps the drafts that killed processes left an hour ago, and nothing else', async () => {
  const modelsDir = await mkdtemp(join(tmpdir(), 'mlops-drafts-'));
  const versions = join(modelsDir, 'versions');
  const [state, half, fresh] = [
    draftOf(join(modelsDir, 'registry.json')),
    draftOf(join(versions, 'm-2001-03-31')),
    draftOf(join(versions, 'm-2001-04-30')),
  ];
  const lock = join(versions, '.m-2001-03-31.lock');
  await mkdir(half, { recursive: true });
  await mkdir(fresh);
  for (const file of [state, lock, join(half, 'weights.bin')]) await writeFile(file, '');
  const longAgo = new Date(Date.now() - 2 * 3_600_000);
  for (const old of [state, half, lock]) await utimes(old, longAgo, longAgo);
  await changeState(modelsDir, () => ({ result: undefined }));
  expect(await readdir(modelsDir)).toEqual(['versions']);
  expect((await readdir(versions)).map((name) => join(versions, name)).sort()).toEqual([fresh, lock].sort());
  await rm(modelsDir, { recursive: true });
});
