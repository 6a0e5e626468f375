import fc from 'fast-check';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openLocalStore } from '../../src/data/objects/local/store.js';
import type { ObjectStore } from '../../src/data/objects/object-store.js';
import { openFlights } from '../../src/data/store.js';
import { coverOf } from '../../src/data/versioned-flights/cover.js';
import { givenVersions } from '../../src/data/versioned-flights/store.js';
import { objectKey } from '../../src/data/versions/manifest.js';
import type { NamedManifest } from '../../src/data/versions/manifest.js';
import { newestVersions } from '../../src/data/versions/name.js';
import { listVersions } from '../../src/data/versions/read.js';
import { addVersions } from '../../src/data/versions/store.js';
import { dateOf, dayNumber } from '../../src/flights.js';
import { ingest } from '../../src/ingest.js';
import { validate } from '../../src/validate.js';
import { readAirports } from '../../src/vega-datasets/store.js';
import { versionOf } from '../../src/version.js';
import { fileOf, scratch } from './batches.js';

const airports = readAirports();
const DAYS = { from: '2001-01-20', through: '2001-02-10' };
let folder: string;
let store: ObjectStore;

beforeAll(async () => {
  folder = await scratch();
  store = openLocalStore(join(folder, 'store'));
  const file = await fileOf(
    join(folder, 'sdf.parquet'),
    `SELECT * FROM flight WHERE date < DATE '2001-03-01'`,
  );
  for await (const { state, version } of addVersions(store, { file, by: 'month' }, airports)) {
    if (state !== 'added') throw new Error(`${version} is ${state}`);
  }
});
afterAll(() => rm(folder, { recursive: true }));

describe('flights out of versions', () => {
  test('are the flights of the file, and the run names the versions', async () => {
    const given = await givenVersions(store, DAYS);
    const ingested = await ingest(DAYS, await given.value());
    expect(given.dataVersions?.map((version) => version.slice(0, 15))).toEqual([
      'flights-2001-01',
      'flights-2001-02',
    ]);
    expect(ingested.because).toBe(`2,622 flights from data versions ${given.dataVersions?.join(', ')}`);

    const recorded = await openFlights();
    const same = await recorded.read({ ...DAYS, airports: ['SDF'] });
    recorded.close();
    const [fromVersions, fromFile] = [ingested.raw, same].map((raw) => {
      const validated = validate(raw, airports, {});
      if (validated.state === 'failed') throw new Error(validated.because);
      return versionOf(validated.flights, raw.source);
    });
    expect(fromVersions?.sha256).toBe(fromFile?.sha256);
  });

  test('have a digest that follows from the versions and the days, without reading them', async () => {
    const [digest, again, other] = await Promise.all(
      [DAYS, DAYS, { ...DAYS, through: '2001-02-11' }].map(
        async (days) => (await givenVersions(store, days)).digest,
      ),
    );
    expect(digest).toBe(again);
    expect(digest).not.toBe(other);
  });

  test('are those that a model names, whatever was corrected since', async () => {
    const given = await givenVersions(store, DAYS);
    const file = await fileOf(
      join(folder, 'corrected.parquet'),
      `SELECT * FROM flight WHERE date < DATE '2001-02-01' AND delay <> 1`,
    );
    for await (const { state } of addVersions(store, { file, by: 'month' }, airports))
      expect(state).toBe('added');
    expect((await givenVersions(store, DAYS)).digest).not.toBe(given.digest);
    expect((await givenVersions(store, DAYS, given.dataVersions)).digest).toBe(given.digest);
  });

  test('are chosen among those that a model names, whatever else there is', async () => {
    const { dataVersions = [] } = await givenVersions(store, DAYS);
    expect((await givenVersions(store, DAYS, dataVersions)).dataVersions).toEqual(dataVersions);
    await expect(givenVersions(store, DAYS, dataVersions.slice(1))).rejects.toThrow(`holds ${DAYS.from}`);
  });

  test('of a day without a version stop the run, by the name of the day', async () => {
    await expect(givenVersions(store, { ...DAYS, through: '2001-03-02' })).rejects.toThrow(
      `no data version in ${store.place} holds 2001-03-01: add it with \`mlops data add\``,
    );
  });

  test('of a day whose batch was refused stop the run, by the name of the batch', async () => {
    const other = openLocalStore(join(folder, 'refused'));
    const file = await fileOf(
      join(folder, 'seconds.parquet'),
      `SELECT * REPLACE (delay * 60 AS delay) FROM flight WHERE date < DATE '2001-02-01'`,
    );
    for await (const { state } of addVersions(other, { file, by: 'month' }, airports))
      expect(state).toBe('quarantined');
    await expect(givenVersions(other, { from: '2001-01-01', through: '2001-01-31' })).rejects.toThrow(
      /flights-2001-01-[0-9a-f]{12} was refused and is in quarantine$/,
    );
  });

  test('of a damaged version stop the run before a row is used', async () => {
    const january = newestVersions((await listVersions(store)).sound)[0];
    const path = join(folder, 'store', objectKey(january?.manifest.object.sha256 ?? ''));
    const bytes = await readFile(path);
    const damaged = Buffer.from(bytes);
    damaged.writeUInt8(damaged.readUInt8(1000) ^ 1, 1000);
    await writeFile(path, damaged);
    const given = await givenVersions(store, DAYS);
    await expect(ingest(DAYS, await given.value())).rejects.toThrow(
      `data version ${january?.version} is refused: its rows are damaged`,
    );
    await writeFile(path, bytes);
  });
});

describe('the cover of some days', () => {
  const FIRST = dayNumber('2001-01-01');
  const named = (version: string, from: number, through: number): NamedManifest => {
    const days = {
      dataset: 'flights',
      by: 'day',
      from: dateOf(from),
      through: dateOf(through),
      parent: null,
    };
    return { version, manifest: days as NamedManifest['manifest'] };
  };

  const daysIn = ({ from, through }: { from: string; through: string }): number[] =>
    Array.from({ length: dayNumber(through) - dayNumber(from) + 1 }, (_, i) => dayNumber(from) + i - FIRST);

  test('takes each day once, whatever versions overlap, or names the first that is missing', () => {
    const spans = fc.array(fc.tuple(fc.integer({ min: 0, max: 19 }), fc.integer({ min: 0, max: 8 })), {
      maxLength: 12,
    });
    fc.assert(
      fc.property(spans, (spans) => {
        const versions = spans.map(([from, length], i) =>
          named(`v${i}`, FIRST + from, FIRST + from + length),
        );
        const held = new Set(
          spans.flatMap(([from, length]) => Array.from({ length: length + 1 }, (_, i) => from + i)),
        );
        const missing = Array.from({ length: 20 }, (_, day) => day).find((day) => !held.has(day));
        const cover = coverOf({ from: dateOf(FIRST), through: dateOf(FIRST + 19) }, 'flights', versions);
        const days = cover.state === 'uncovered' ? [] : cover.parts.flatMap(daysIn);
        expect(cover.state === 'uncovered' ? cover.day : days).toEqual(
          missing === undefined ? Array.from({ length: 20 }, (_, day) => day) : dateOf(FIRST + missing),
        );
      }),
    );
  });
});
