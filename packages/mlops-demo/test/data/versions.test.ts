import fc from 'fast-check';
import { spawnSync } from 'node:child_process';
import { mkdir, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { checkout } from '../../src/data/checkout/store.js';
import { openLocalStore } from '../../src/data/objects/local/store.js';
import type { ObjectStore } from '../../src/data/objects/object-store.js';
import { manifestKey, objectKey } from '../../src/data/versions/manifest.js';
import type { NamedManifest } from '../../src/data/versions/manifest.js';
import { listVersions, readVersion, verifyVersions } from '../../src/data/versions/read.js';
import { addVersions } from '../../src/data/versions/store.js';
import type { Added, AddRequest } from '../../src/data/versions/store.js';
import { reportLines } from '../../src/validate/batch-report.js';
import { readAirports } from '../../src/vega-datasets/store.js';
import { fileOf, RECORDED, scratch, sql } from './batches.js';

const BIN = fileURLToPath(new URL('../../bin/mlops.js', import.meta.url));
const DIST = new URL('../../dist', import.meta.url).href;
const airports = readAirports();
const WINTER: AddRequest = {
  file: RECORDED,
  by: 'month',
  from: '2001-01-01',
  through: '2001-02-28',
  airports: ['SDF'],
};
let folder: string;
let store: ObjectStore;
let january: NamedManifest;
let february: NamedManifest;

type Kept = Exclude<Added, { state: 'quarantined' | 'refused' }>;

async function addAll(to: ObjectStore, request: AddRequest): Promise<Kept[]> {
  const kept: Kept[] = [];
  for await (const each of addVersions(to, request, airports)) {
    if (each.state === 'refused') throw new Error(each.because);
    if (each.state === 'quarantined') throw new Error(reportLines(each.report).join('\n'));
    kept.push(each);
  }
  return kept;
}

/** Every file of a store with its bytes. */
async function contentOf(place: string): Promise<Map<string, string>> {
  const content = new Map<string, string>();
  for (const group of await readdir(place)) {
    for (const name of await readdir(join(place, group))) {
      content.set(`${group}/${name}`, await readFile(join(place, group, name), 'base64'));
    }
  }
  return content;
}

/** Changes one bit in the middle of an object. */
async function flip(key: string): Promise<() => Promise<void>> {
  const bytes = await readFile(join(folder, key));
  const damaged = Buffer.from(bytes);
  const middle = damaged.length >> 1;
  damaged.writeUInt8(damaged.readUInt8(middle) ^ 1, middle);
  await writeFile(join(folder, key), damaged);
  return () => writeFile(join(folder, key), bytes);
}

beforeAll(async () => {
  folder = await scratch();
  store = openLocalStore(join(folder));
  await addAll(store, WINTER);
  [january, february] = (await listVersions(store)).sound as [NamedManifest, NamedManifest];
});
afterAll(() => rm(folder, { recursive: true }));

describe('a data version', () => {
  test('has a manifest that says what DuckDB says about the file it came from', async () => {
    const { version, manifest } = january;
    const [row] = await sql(
      `SELECT count(*)::INT, min(delay)::INT, max(delay)::INT, avg(delay), quantile_cont(delay, 0.95), count(DISTINCT origin)::INT
       FROM flight WHERE date < DATE '2001-02-01'`,
    );
    const { delay, origin, date } = manifest.columns;
    if (delay?.kind !== 'number' || origin?.kind !== 'text')
      throw new Error('delay is a number, origin a text');
    expect([manifest.rows, delay.min, delay.max, delay.mean, delay.quantiles[5], origin.distinct]).toEqual(
      row,
    );
    expect(origin.top[0]?.value).toBe('SDF');
    expect(date).toMatchObject({ kind: 'time', nulls: 0 });
    expect(manifest).toMatchObject({ from: '2001-01-01', through: '2001-01-31', by: 'month', parent: null });
    expect(manifest.schema.map(({ name }) => name)).toEqual([
      'date',
      'delay',
      'distance',
      'origin',
      'destination',
    ]);
    expect(manifest.source).toEqual({
      file: 'flights-3m.parquet',
      sha256: 'dbeb920c90f59b6ccaff823dcc3d08f25a97fa1ce128d93f40be4e931f5900b0',
      airports: ['SDF'],
    });
    expect(version).toMatch(/^flights-sdf-2001-01-[0-9a-f]{12}$/);
  });

  test('follows the month before', () => {
    expect(february.manifest.parent).toBe(january.version);
  });

  test('added again changes nothing', async () => {
    const before = await contentOf(folder);
    expect((await addAll(store, WINTER)).map(({ state }) => state)).toEqual([
      'already there',
      'already there',
    ]);
    expect(await contentOf(folder)).toEqual(before);
  });

  test('has the same bytes in another store, and from a file with its rows in another order', async () => {
    const other = await scratch();
    const shuffled = await fileOf(
      join(other, 'flights.parquet'),
      'SELECT * FROM flight ORDER BY hash(date), delay',
    );
    const there = await addAll(openLocalStore(join(other, 'store')), { ...WINTER, file: shuffled });
    expect(there.map(({ manifest }) => manifest.object)).toEqual(
      [january, february].map(({ manifest }) => manifest.object),
    );
    await addAll(openLocalStore(join(other, 'same')), WINTER);
    expect(await contentOf(join(other, 'same'))).toEqual(await contentOf(folder));
    await rm(other, { recursive: true });
  });

  test('that corrects one is its child, and is what its days mean from then on', async () => {
    const other = await scratch();
    const there = openLocalStore(join(other, 'store'));
    const [first] = await addAll(there, WINTER);
    const file = await fileOf(join(other, 'corrected.csv'), 'SELECT * FROM flight WHERE delay <> 0');
    const [corrected] = await addAll(there, { ...WINTER, file });
    expect(corrected).toMatchObject({ state: 'added', manifest: { parent: first?.version } });
    expect((await readVersion(there, '2001-01')).version).toBe(corrected?.version);
    expect((await readVersion(there, first?.version ?? '')).state).toBe('sound');
    await rm(other, { recursive: true });
  });

  test('of a day holds the rows of that day', async () => {
    const other = openLocalStore(join(await scratch(), 'days'));
    const days = await addAll(other, { ...WINTER, by: 'day', from: '2001-02-25', through: '2001-02-27' });
    const rows = await sql(
      `SELECT count(*)::INT FROM flight WHERE date >= DATE '2001-02-25' AND date < DATE '2001-02-28' GROUP BY date::DATE ORDER BY date::DATE`,
    );
    expect(days.map(({ manifest }) => [manifest.rows])).toEqual(rows);
    expect(days.map(({ manifest }) => manifest.parent)).toEqual([null, days[0]?.version, days[1]?.version]);
  });

  test.each(['2001-02', 'flights-sdf-2001-02', 'its digest', 'its name'])(
    'is found by %s',
    async (reference) => {
      const { version } = february;
      const words: Record<string, string> = { 'its digest': version.slice(-12, -6), 'its name': version };
      expect(await readVersion(store, words[reference] ?? reference)).toMatchObject({
        state: 'sound',
        version,
      });
    },
  );

  test('that does not exist is refused by a sentence', async () => {
    expect(await readVersion(store, '2001-09')).toMatchObject({
      state: 'refused',
      because: `there is no version '2001-09' in ${folder}`,
    });
    expect(await readVersion(store, '../../etc/passwd')).toMatchObject({ state: 'refused' });
  });

  test('checked out is a Parquet file of its rows', async () => {
    const read = await readVersion(store, '2001-01');
    if (read.state === 'refused') throw new Error(read.because);
    const other = await scratch();
    const file = await checkout(read.version, read.bytes, `${other}/`);
    expect(file).toBe(join(other, `${read.version}.parquet`));
    const named = await checkout(read.version, read.bytes, join(other, 'deep', 'january.parquet'));
    const [row] = await sql(`SELECT count(*)::INT FROM '${named}'`);
    expect(row).toEqual([january.manifest.rows]);
    expect(await readdir(other)).toEqual([`${read.version}.parquet`, 'deep'].toSorted());
    await rm(other, { recursive: true });
  });
});

describe('damage', () => {
  test('of one bit in the rows is refused, by the name of the object', async () => {
    const key = objectKey(january.manifest.object.sha256);
    const restore = await flip(key);
    const read = await readVersion(store, '2001-01');
    await restore();
    expect(read).toMatchObject({ state: 'refused', version: january.version });
    expect(read).toHaveProperty(
      'because',
      expect.stringMatching(`its rows are damaged: ${key} has .* the manifest says`),
    );
  });

  test('of one bit in the manifest is refused, though it is JSON still', async () => {
    const { version } = january;
    const restore = await flip(manifestKey(version));
    const states = [];
    for await (const read of verifyVersions(store)) states.push([read.version, read.state]);
    const listed = (await listVersions(store)).sound.map((each) => each.version);
    await restore();
    expect(states).toEqual([
      [version, 'refused'],
      [february.version, 'sound'],
    ]);
    expect(listed).toEqual([february.version]);
  });

  test('is repaired by adding the batch again', async () => {
    await flip(objectKey(january.manifest.object.sha256));
    await flip(manifestKey(february.version));
    expect((await addAll(store, WINTER)).map(({ state, version }) => [state, version])).toEqual([
      ['added', january.version],
      ['added', february.version],
    ]);
    for await (const read of verifyVersions(store)) expect(read.state).toBe('sound');
  });

  test('of any one bit, in rows or manifest, is refused', async () => {
    const keys = [objectKey(january.manifest.object.sha256), manifestKey(january.version)];
    const content = new Map(
      await Promise.all(keys.map(async (key) => [key, (await store.read(key))!] as const)),
    );
    const bit = fc
      .constantFrom(...keys)
      .chain((key) =>
        fc.record({ key: fc.constant(key), bit: fc.nat({ max: content.get(key)!.length * 8 - 1 }) }),
      );
    await fc.assert(
      fc.asyncProperty(bit, async ({ key, bit }) => {
        const damaged = Buffer.from(content.get(key)!);
        damaged.writeUInt8(damaged.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3);
        const memory: ObjectStore = {
          ...store,
          read: (asked) => Promise.resolve(asked === key ? damaged : content.get(asked)),
        };
        expect((await readVersion(memory, january.version)).state).toBe('refused');
      }),
      { numRuns: 60 },
    );
  });

  test('makes `mlops data verify` end with 1 and say where', async () => {
    const key = objectKey(february.manifest.object.sha256);
    const restore = await flip(key);
    const run = spawnSync(process.execPath, [BIN, 'data', 'verify', '--data', folder], { encoding: 'utf8' });
    await restore();
    expect(run.status).toBe(1);
    expect(run.stdout).toContain(`✗ ${february.version}  its rows are damaged: ${key}`);
    expect(run.stdout).toContain('1 sound, 1 damaged');
  });
});

test('two writers at once leave what one leaves', async () => {
  const other = await scratch();
  await Promise.all([addAll(openLocalStore(other), WINTER), addAll(openLocalStore(other), WINTER)]);
  expect(await contentOf(other)).toEqual(await contentOf(folder));
  await rm(other, { recursive: true });
});

describe('a writer that is killed', () => {
  test('in the middle of the third batch leaves two whole versions, and the next one goes on to the same end', async () => {
    const other = await scratch();
    const days = { ...WINTER, by: 'day', through: '2001-01-04' } as const;
    const killed = join(other, 'killed');
    const program = `
      const { openLocalStore } = await import('${DIST}/data/objects/local/store.js');
      const { addVersions } = await import('${DIST}/data/versions/store.js');
      const local = openLocalStore('${killed}');
      let writes = 0;
      const store = { ...local, write(key, bytes) {
        if (++writes === 9) setImmediate(() => process.kill(process.pid, 'SIGKILL'));
        return local.write(key, bytes);
      } };
      const { readAirports } = await import('${DIST}/vega-datasets/store.js');
      for await (const { version } of addVersions(store, ${JSON.stringify(days)}, readAirports())) console.log(version);`;
    const run = spawnSync(process.execPath, ['--input-type=module', '-e', program], { encoding: 'utf8' });
    expect([run.signal, run.stderr]).toEqual(['SIGKILL', '']);
    const half = openLocalStore(killed);
    const found = (await listVersions(half)).sound;
    expect(found.map(({ version }) => version)).toEqual(run.stdout.trim().split('\n'));
    expect(found).toHaveLength(2);
    for await (const read of verifyVersions(half)) expect(read.state).toBe('sound');

    await addAll(half, days);
    const whole = openLocalStore(join(other, 'whole'));
    await addAll(whole, days);
    expect(await listVersions(half)).toEqual(await listVersions(whole));
    await rm(other, { recursive: true });
  });

  test('between rows and manifest leaves no version', async () => {
    const other = openLocalStore(await scratch());
    const dies: ObjectStore = {
      ...other,
      write: (key, bytes) =>
        key.startsWith('versions/') ? Promise.reject(new Error('killed')) : other.write(key, bytes),
    };
    await expect(addAll(dies, WINTER)).rejects.toThrow('killed');
    expect(await other.keys('objects/')).toHaveLength(1);
    expect((await listVersions(other)).sound).toEqual([]);
    await addAll(other, WINTER);
    expect((await listVersions(other)).sound.map(({ version }) => version)).toEqual([
      january.version,
      february.version,
    ]);
  });

  test('leaves a draft that nobody sees and that is cleared away after an hour', async () => {
    const other = await scratch();
    await mkdir(join(other, 'objects'));
    const [old, young] = [join(other, 'objects', '.old'), join(other, 'objects', '.young')];
    await writeFile(old, 'half');
    await writeFile(young, 'half');
    await utimes(old, new Date(0), new Date(0));
    const local = openLocalStore(other);
    expect(await local.keys('objects/')).toEqual([]);
    await local.write('objects/whole', new Uint8Array([1]));
    expect(await readdir(join(other, 'objects'))).toEqual(['.young', 'whole']);
    await rm(other, { recursive: true });
  });
});
