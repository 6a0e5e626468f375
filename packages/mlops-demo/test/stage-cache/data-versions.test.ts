import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { RawFlights } from '../../src/data/columns.js';
import { openObjectStore } from '../../src/data/objects/open.js';
import { openFlights } from '../../src/data/store.js';
import { versionsCovering } from '../../src/data/versions/covering.js';
import type { NamedManifest } from '../../src/data/versions/manifest.js';
import { addVersions } from '../../src/data/versions/store.js';
import { coveringVersions, givenDataVersions } from '../../src/stage-cache/given/data-versions/store.js';
import { packagedFile, readAirports } from '../../src/vega-datasets/store.js';

const DAYS = { from: '2001-01-02', through: '2001-01-03' };
let place: string;

beforeAll(async () => {
  place = await mkdtemp(join(tmpdir(), 'mlops-given-'));
  const request = { file: packagedFile('flights-3m.parquet'), by: 'day', ...DAYS } as const;
  for await (const added of addVersions(openObjectStore(place), request, readAirports())) void added;
});
afterAll(async () => rm(place, { recursive: true }));

describe('the flights of data versions', () => {
  test('are those of the file they were cut from, and the names of the versions are their source', async () => {
    const versions = await coveringVersions(place, DAYS);
    expect(versions.map((version) => version.slice(0, -13))).toEqual([
      'flights-2001-01-02',
      'flights-2001-01-03',
    ]);
    const given = givenDataVersions(place, versions);
    const read = await (await given.value()).read(DAYS);
    await given.close();
    const file = await openFlights();
    const wanted = await file.read(DAYS);
    file.close();
    expect(read.source).toBe(`${versions.join(', ')}, 2001-01-02 to 2001-01-03`);
    expect(read.localMinutes.length).toBeGreaterThan(28_000);
    expect(read.localMinutes).toEqual(wanted.localMinutes);
    expect(read.delayMinutes).toEqual(wanted.delayMinutes);
    expect(originsOf(read)).toEqual(originsOf(wanted));
  });

  test('have the digest of their names, which hold that of their rows', async () => {
    const versions = await coveringVersions(place, DAYS);
    expect(givenDataVersions(place, versions).digest).toBe(givenDataVersions(place, [...versions]).digest);
    expect(givenDataVersions(place, versions.slice(1)).digest).not.toBe(
      givenDataVersions(place, versions).digest,
    );
  });

  test('stop a run when a day is missing: a batch that was refused is no version', async () => {
    await expect(coveringVersions(place, { ...DAYS, through: '2001-01-04' })).rejects.toThrow(
      /no version of flights holds 2001-01-04: it was not added, or it was refused$/,
    );
  });

  test('stop a run when a byte of them was flipped', async () => {
    const versions = await coveringVersions(place, DAYS);
    const [object = ''] = await readdir(join(place, 'objects'));
    const path = join(place, 'objects', object);
    const bytes = await readFile(path);
    const flipped = Buffer.from(bytes);
    flipped.writeUInt8(flipped.readUInt8(1000) ^ 1, 1000);
    await writeFile(path, flipped);
    await expect(givenDataVersions(place, versions).value()).rejects.toThrow(/its rows are damaged/);
    await writeFile(path, bytes);
  });
});

describe('the versions that cover days', () => {
  const version = (
    name: string,
    from: string,
    through: string,
    parent: string | null = null,
  ): NamedManifest => ({
    version: name,
    manifest: {
      dataset: 'flights',
      by: from === through ? 'day' : 'month',
      from,
      through,
      parent,
    } as NamedManifest['manifest'],
  });
  const january = version('january', '2001-01-01', '2001-01-31');
  const corrected = version('january again', '2001-01-01', '2001-01-31', 'january');
  const february = version('february', '2001-02-01', '2001-02-28');
  const fifth = version('the 5th', '2001-01-05', '2001-01-05');
  const namesFor = (from: string, through: string, ...versions: NamedManifest[]): unknown => {
    const covering = versionsCovering({ from, through }, 'flights', versions);
    return covering.state === 'gap' ? covering.because : covering.versions.map((each) => each.version);
  };

  test('are the newest, in order, and hold no flight twice', () => {
    expect(namesFor('2001-01-10', '2001-02-03', february, january, corrected, fifth)).toEqual([
      'january again',
      'february',
    ]);
    expect(namesFor('2001-01-05', '2001-01-05', fifth)).toEqual(['the 5th']);
  });

  test('have a gap where none goes on from the day before', () => {
    expect(namesFor('2001-01-05', '2001-02-01', fifth, february)).toMatch(/holds 2001-01-06/);
    expect(namesFor('2001-03-01', '2001-03-02', january)).toMatch(/holds 2001-03-01/);
  });
});

function originsOf({ codes, origins }: RawFlights): string[] {
  return Array.from(origins, (position) => codes[position] ?? '');
}
