/** A correction whose manifest is damaged: nothing that it replaced may stand in for it. */
import { spawnSync } from 'node:child_process';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openLocalStore } from '../../src/data/objects/local/store.js';
import type { ObjectStore } from '../../src/data/objects/object-store.js';
import { givenVersions } from '../../src/data/versioned-flights/store.js';
import { manifestKey } from '../../src/data/versions/manifest.js';
import { readVersion, verifyVersions } from '../../src/data/versions/read.js';
import { addVersions } from '../../src/data/versions/store.js';
import type { Added } from '../../src/data/versions/store.js';
import { readAirports } from '../../src/vega-datasets/store.js';
import { fileOf, scratch } from './batches.js';

const BIN = fileURLToPath(new URL('../../bin/mlops.js', import.meta.url));
const JANUARY = { from: '2001-01-01', through: '2001-01-31' };
const FEBRUARY = { from: '2001-02-01', through: '2001-02-28' };
let folder: string;
let store: ObjectStore;
const added = {} as Record<'first' | 'corrected' | 'february', Added>;

async function add(name: string): Promise<Added> {
  const request = { file: join(folder, `${name}.parquet`), by: 'month' } as const;
  const { value } = await addVersions(store, request, readAirports()).next();
  return value as Added;
}

function mlops(...args: string[]) {
  return spawnSync(process.execPath, [BIN, 'data', ...args, '--data', store.place], { encoding: 'utf8' });
}

beforeAll(async () => {
  folder = await scratch();
  store = openLocalStore(join(folder, 'store'));
  const flightsOf = (name: string, days: string): Promise<string> =>
    fileOf(join(folder, `${name}.parquet`), `SELECT * FROM flight WHERE ${days}`);
  await flightsOf('first', `date < DATE '2001-02-01'`);
  await flightsOf('corrected', `date < DATE '2001-02-01' AND delay <> 1`);
  await flightsOf('again', `date < DATE '2001-02-01' AND delay <> 2`);
  await flightsOf('february', `date >= DATE '2001-02-01' AND date < DATE '2001-03-01'`);
  for (const name of ['first', 'corrected', 'february'] as const) added[name] = await add(name);
  const path = join(store.place, manifestKey(added.corrected.version));
  await writeFile(path, (await readFile(path, 'utf8')).replace('"parent": "flights', '"parent": "flightz'));
});
afterAll(() => rm(folder, { recursive: true }));

describe('while the manifest of a correction is damaged', () => {
  test('its days mean no version, by its name, rather than the one that it replaced', async () => {
    for (const reference of ['2001-01', 'flights-2001-01'])
      expect(await readVersion(store, reference)).toMatchObject({
        state: 'refused',
        because: expect.stringContaining(
          `${added.corrected.version} may be the newest version of flights-2001-01, but its manifest is damaged`,
        ) as string,
      });
    expect((await readVersion(store, added.first.version)).state).toBe('sound');
    expect((await readVersion(store, '2001-02')).state).toBe('sound');
  });

  test('a run on its days stops, one on other days or on named versions goes on', async () => {
    await expect(givenVersions(store, { ...JANUARY, through: '2001-02-10' })).rejects.toThrow(
      added.corrected.version,
    );
    expect((await givenVersions(store, FEBRUARY)).dataVersions).toEqual([added.february.version]);
    expect((await givenVersions(store, JANUARY, [added.first.version])).dataVersions).toEqual([
      added.first.version,
    ]);
  });

  test('another batch of its days is refused: nobody knows what it would follow', async () => {
    for (const name of ['again', 'first'])
      expect(await add(name)).toMatchObject({ state: 'refused', version: 'flights-2001-01' });
  });

  test('`data list` shows it and `data verify` of its days says no', () => {
    const [list, verify] = [mlops('list'), mlops('verify', '2001-01')];
    expect(list.stdout).toContain(`✗ ${added.corrected.version}  its manifest is damaged`);
    expect(verify.stdout).toContain('0 sound, 1 damaged');
    expect([list.status, verify.status]).toEqual([1, 1]);
  });

  test('the file that it was made of brings it back', async () => {
    expect(await add('corrected')).toMatchObject({ state: 'added', version: added.corrected.version });
    for await (const read of verifyVersions(store)) expect(read.state).toBe('sound');
    expect(await readVersion(store, '2001-01')).toMatchObject({ version: added.corrected.version });
  });
});

test('a damaged manifest that a sound correction follows stands in nobody’s way', async () => {
  const path = join(store.place, manifestKey(added.first.version));
  await writeFile(path, 'no JSON');
  expect(await readVersion(store, '2001-01')).toMatchObject({ version: added.corrected.version });
  expect((await givenVersions(store, JANUARY)).dataVersions).toEqual([added.corrected.version]);
});
