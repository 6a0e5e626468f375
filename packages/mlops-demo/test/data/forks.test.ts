/** Two corrections of the same days at once. */
import { spawnSync } from 'node:child_process';
import { cp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openLocalStore } from '../../src/data/objects/local/store.js';
import type { ObjectStore } from '../../src/data/objects/object-store.js';
import { givenVersions } from '../../src/data/versioned-flights/store.js';
import { manifestKey } from '../../src/data/versions/manifest.js';
import { readVersion } from '../../src/data/versions/read.js';
import { addVersions } from '../../src/data/versions/store.js';
import type { Added } from '../../src/data/versions/store.js';
import { readAirports } from '../../src/vega-datasets/store.js';
import { fileOf, scratch } from './batches.js';

const BIN = fileURLToPath(new URL('../../bin/mlops.js', import.meta.url));
const JANUARY = { from: '2001-01-01', through: '2001-01-31' };
let folder: string;

async function add(store: ObjectStore, name: string): Promise<Added> {
  const request = { file: join(folder, `${name}.parquet`), by: 'month' } as const;
  const { value } = await addVersions(store, request, readAirports()).next();
  return value as Added;
}

beforeAll(async () => {
  folder = await scratch();
  const flightsOf = (name: string, days: string): Promise<string> =>
    fileOf(join(folder, `${name}.parquet`), `SELECT * FROM flight WHERE ${days}`);
  await flightsOf('first', `date < DATE '2001-02-01'`);
  await flightsOf('one', `date < DATE '2001-02-01' AND delay <> 1`);
  await flightsOf('other', `date < DATE '2001-02-01' AND delay <> 2`);
});
afterAll(() => rm(folder, { recursive: true }));

test('two corrections at once: the later one follows the earlier', async () => {
  const store = openLocalStore(join(folder, 'locked'));
  const first = await add(store, 'first');
  const both = await Promise.all(['one', 'other'].map((name) => add(store, name)));
  const parents = both.map((added) => 'manifest' in added && added.manifest.parent);
  expect(parents).toContain(first.version);
  expect(both.map(({ version }) => version)).toContain(parents.find((parent) => parent !== first.version));
});

describe('two versions that follow the same one, as two writers to a bucket may leave them', () => {
  let store: ObjectStore;
  let names: string[];
  beforeAll(async () => {
    const [mine, theirs] = [join(folder, 'mine'), join(folder, 'theirs')];
    store = openLocalStore(mine);
    const corrected: Added[] = [];
    for (const [place, name] of [
      [mine, 'one'],
      [theirs, 'other'],
    ] as const) {
      await add(openLocalStore(place), 'first');
      corrected.push(await add(openLocalStore(place), name));
    }
    await cp(theirs, mine, { recursive: true });
    names = corrected.map(({ version }) => version).toSorted();
  });
  const sentence = (): string =>
    `${names.join(' and ')} are both the newest version of flights-2001-01: delete versions/${names[0]}.json or versions/${names[1]}.json, whichever is wrong`;

  test('the days mean neither, a run on them stops, and the next correction is refused', async () => {
    expect(await readVersion(store, '2001-01')).toMatchObject({
      state: 'refused',
      because: `${sentence()} in ${store.place}`,
    });
    await expect(givenVersions(store, JANUARY)).rejects.toThrow(sentence());
    expect(await add(store, 'first')).toMatchObject({ state: 'refused', because: sentence() });
  });

  test('`data list` says so and ends with 1', () => {
    const list = spawnSync(process.execPath, [BIN, 'data', 'list', '--data', store.place], {
      encoding: 'utf8',
    });
    expect(list.stdout).toContain(`✗ ${sentence()}`);
    expect(list.status).toBe(1);
  });

  test('the one that is left when the other is deleted is the newest', async () => {
    await rm(join(store.place, manifestKey(names[0] ?? '')));
    expect(await readVersion(store, '2001-01')).toMatchObject({ state: 'sound', version: names[1] });
  });
});
