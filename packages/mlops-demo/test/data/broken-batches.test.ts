/** Ten ways in which a batch breaks, each as a real file of real flights: Louisville in February, after a good January. */
import { spawnSync } from 'node:child_process';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { judgeBatch } from '../../src/data/judged-batch/store.js';
import { openLocalStore } from '../../src/data/objects/local/store.js';
import type { ObjectStore } from '../../src/data/objects/object-store.js';
import { listVersions, readVersion } from '../../src/data/versions/read.js';
import { addVersions } from '../../src/data/versions/store.js';
import { namesOf } from '../../src/validate/batch-report.js';
import type { BatchReport } from '../../src/validate/batch-report.js';
import { readAirports } from '../../src/vega-datasets/store.js';
import { fileOf, scratch } from './batches.js';

const BIN = fileURLToPath(new URL('../../bin/mlops.js', import.meta.url));
const airports = readAirports();
const FEBRUARY = `FROM flight WHERE date >= DATE '2001-02-01' AND date < DATE '2001-03-01' ORDER BY date`;
/** Every twentieth row of the file. */
const SOME = '(row_number() OVER (ORDER BY date)) % 20 = 0';
let folder: string;
let store: ObjectStore;

beforeAll(async () => {
  folder = await scratch();
  store = openLocalStore(join(folder, 'store'));
  const january = await fileOf(
    join(folder, 'january.parquet'),
    `SELECT * FROM flight WHERE date < DATE '2001-02-01'`,
  );
  for await (const { state } of addVersions(store, { file: january, by: 'month' }, airports)) {
    if (state !== 'added') throw new Error(state);
  }
});
afterAll(() => rm(folder, { recursive: true }));

let files = 0;

async function february(select: string, ending = 'parquet', rest = FEBRUARY): Promise<string> {
  return fileOf(join(folder, `february-${files++}.${ending}`), `SELECT ${select} ${rest}`);
}

async function reportOf(file: string): Promise<BatchReport> {
  const judged = await judgeBatch(store, { batch: file }, airports);
  if (judged.state === 'refused') throw new Error(judged.because);
  return judged.report;
}

async function seenBy(file: string): Promise<{ failed: string[]; diagnosis: string[]; report: BatchReport }> {
  const report = await reportOf(file);
  return { failed: namesOf(report.checks), diagnosis: report.diagnosis, report };
}

function checkOf(report: BatchReport, name: string) {
  return report.checks.find((each) => each.name === name);
}

describe('a good February', () => {
  test.each(['parquet', 'csv'])('passes as a %s file, every expectation looked at', async (ending) => {
    const report = await reportOf(await february('*', ending));
    expect(namesOf(report.checks)).toEqual([]);
    expect(report.checks.filter(({ state }) => state === 'skipped')).toEqual([]);
    expect(report).toMatchObject({ state: 'passed', rows: 3260, diagnosis: [] });
  });
});

describe('a February with', () => {
  test.each<[string, string, string[], string]>([
    [
      'delays in seconds',
      '* REPLACE (delay * 60 AS delay)',
      ['impossible delay', 'volume', 'delay scale'],
      'delays are in seconds, not in minutes',
    ],
    [
      'distances in kilometres',
      '* REPLACE (round(distance * 1.609344)::BIGINT AS distance)',
      ['rows', 'distance off the map'],
      'distances are in kilometres, not in miles',
    ],
    [
      'a clock an hour ahead',
      '* REPLACE (date + INTERVAL 1 HOUR AS date)',
      ['hours', 'route times'],
      'the clock is 60 minutes ahead',
    ],
    [
      'a clock an hour behind',
      '* REPLACE (date - INTERVAL 1 HOUR AS date)',
      ['hours', 'route times'],
      'the clock is 60 minutes behind',
    ],
    [
      'origin and destination swapped',
      'date, delay, distance, destination AS origin, origin AS destination',
      ['route times'],
      'origin and destination are swapped',
    ],
    [
      'distance and delay swapped',
      'date, distance AS delay, delay AS distance, origin, destination',
      ['impossible delay', 'impossible distance', 'distance off the map'],
      'distance and delay are swapped',
    ],
  ])('%s is refused, and the repair that makes it pass is named', async (_name, select, failing, because) => {
    const { failed, diagnosis } = await seenBy(await february(select));
    expect(failed).toEqual(expect.arrayContaining(failing));
    expect(diagnosis).toEqual([because]);
  });

  test.each<[string, string, string, string]>([
    [
      'empty delays',
      `* REPLACE (CASE WHEN ${SOME} THEN NULL ELSE delay END AS delay)`,
      'missing value',
      'missing',
    ],
    [
      'dates of next year',
      `* REPLACE (CASE WHEN ${SOME} THEN date + INTERVAL 1 YEAR ELSE date END AS date)`,
      'outside the period',
      '2002-02-',
    ],
    [
      'unknown airports',
      `* REPLACE (CASE WHEN ${SOME} THEN 'XQZ' ELSE origin END AS origin)`,
      'unknown airport',
      'XQZ',
    ],
  ])(
    '%s in every twentieth row is refused for them alone, with rows and examples',
    async (_name, select, reason, example) => {
      for (const ending of ['parquet', 'csv']) {
        const { failed, report } = await seenBy(await february(select, ending));
        expect(failed).toEqual([reason]);
        expect(checkOf(report, reason)).toMatchObject({ rows: 163, seen: '163 of 3260 rows' });
        expect(checkOf(report, reason)?.examples?.[0]).toContain(example);
        expect(report.clean + 163).toBeLessThanOrEqual(3260);
      }
    },
  );

  test('every twentieth row twice is refused as duplicates', async () => {
    const twice = `FROM (SELECT * ${FEBRUARY}) UNION ALL (SELECT * EXCLUDE i FROM (SELECT *, row_number() OVER (ORDER BY date) AS i ${FEBRUARY}) WHERE i % 20 = 0)`;
    const { failed, report } = await seenBy(await february('*', 'csv', twice));
    expect(failed).toEqual(['exact duplicate']);
    expect(checkOf(report, 'exact duplicate')?.rows).toBe(163);
  });

  test('a few wrong rows passes without them, and says which for what', async () => {
    const few = `* REPLACE (CASE WHEN (row_number() OVER (ORDER BY date)) % 500 = 0 THEN 'XQZ' ELSE origin END AS origin)`;
    const report = await reportOf(await february(few));
    expect(report.state).toBe('passed');
    expect(checkOf(report, 'unknown airport')).toMatchObject({ state: 'passed', rows: 6 });
  });

  test.each(['parquet', 'csv'])(
    'a renamed column in a %s file is refused by its old and its new name',
    async (ending) => {
      const { failed, report } = await seenBy(await february('* RENAME (delay AS arr_delay)', ending));
      expect(failed).toEqual(['schema']);
      expect(checkOf(report, 'schema')?.seen).toBe('no column delay (renamed to arr_delay?)');
    },
  );

  test('words in a column of numbers is refused by the kind of the column', async () => {
    const { report } = await seenBy(await february(`* REPLACE (delay || ' min' AS delay)`, 'csv'));
    expect(checkOf(report, 'schema')?.seen).toBe('delay is VARCHAR, not a number');
  });
});

describe('a truncated February', () => {
  test('as Parquet has no end and is refused', async () => {
    const file = await february('*');
    const bytes = await readFile(file);
    await writeFile(file, bytes.subarray(0, bytes.length >> 1));
    const { failed, report } = await seenBy(file);
    expect(failed).toEqual(['whole file']);
    expect(checkOf(report, 'whole file')?.seen).toMatch(/magic bytes|footer/i);
  });

  test('as CSV, cut in the middle of a row, is refused at its last line', async () => {
    const file = await february('*', 'csv');
    const text = await readFile(file, 'utf8');
    const line = text.lastIndexOf('\n', text.length >> 1);
    await writeFile(file, text.slice(0, line + 22));
    const { failed, report } = await seenBy(file);
    expect(failed).toEqual(['whole file']);
    expect(checkOf(report, 'whole file')?.seen).toMatch(/^2: 2001-02-\d\d \d\d:\d\d:00,-?\d+$/);
  });

  test('as CSV, cut between two rows, lacks its last days and is refused as stale', async () => {
    const file = await february('*', 'csv');
    const text = await readFile(file, 'utf8');
    await writeFile(file, text.slice(0, text.indexOf('2001-02-15')));
    const judged = await judgeBatch(
      store,
      { batch: file, from: '2001-02-01', through: '2001-02-28' },
      airports,
    );
    if (judged.state === 'refused') throw new Error(judged.because);
    expect(namesOf(judged.report.checks)).toEqual(['volume', 'freshness']);
    expect(checkOf(judged.report, 'freshness')?.because).toBe(
      'freshness: expected flights up to 2001-02-28, got the newest on 2001-02-14',
    );
  });
});

describe('a February in a wrong encoding', () => {
  test.each<[string, (text: string) => Buffer, RegExp]>([
    ['UTF-16 with its mark', (text) => Buffer.from(`\uFEFF${text}`, 'utf16le'), /UTF-16, little end first/],
    [
      'UTF-16 without a mark',
      (text) => Buffer.from(text, 'utf16le'),
      /a zero byte at position 1, as in UTF-16/,
    ],
    [
      'Latin-1',
      (text) => Buffer.from(text.replace('SDF', 'SÖF'), 'latin1'),
      /a byte that is none at position \d+/,
    ],
  ])('(%s) is refused by its bytes', async (_name, encode, seen) => {
    const file = await february('*', 'csv');
    await writeFile(file, encode(await readFile(file, 'utf8')));
    const { failed, report } = await seenBy(file);
    expect(failed).toEqual(['encoding']);
    expect(checkOf(report, 'encoding')?.seen).toMatch(seen);
  });
});

describe('a refused batch', () => {
  test('is quarantined with its report and its rows, and is no version', async () => {
    const before = await listVersions(store);
    const file = await february('* REPLACE (delay * 60 AS delay)');
    const run = spawnSync(process.execPath, [BIN, 'data', 'add', file, '--data', join(folder, 'store')], {
      encoding: 'utf8',
    });
    expect(run.status).toBe(1);
    expect(run.stdout).toContain('✗ quarantined, no version');
    expect(run.stdout).toContain('likely delays are in seconds, not in minutes');
    expect(await listVersions(store)).toEqual(before);
    const listed = spawnSync(process.execPath, [BIN, 'data', 'list', '--data', join(folder, 'store')], {
      encoding: 'utf8',
    });
    expect(listed.stdout).toMatch(/\nin quarantine: flights-2001-02-[0-9a-f]{12}\n$/);
    expect(await readVersion(store, '2001-02')).toMatchObject({ state: 'refused' });

    const [csv, json] = await store.keys('quarantine/flights-2001-02-');
    const kept = JSON.parse(new TextDecoder().decode(await store.read(json ?? ''))) as {
      report: BatchReport;
    };
    const impossible = checkOf(kept.report, 'impossible delay')?.rows ?? 0;
    const rows = new TextDecoder().decode(await store.read(csv ?? '')).split('\n');
    expect(rows[0]).toBe('reason,date,origin,destination,distance,delay');
    expect(impossible).toBeGreaterThan(100);
    expect(rows.filter((row) => row.startsWith('impossible delay,2001-02-'))).toHaveLength(impossible);
  });

  test('that is no table of flights is quarantined as a file', async () => {
    const file = await february('* RENAME (date AS departed)', 'csv');
    const states = [];
    for await (const each of addVersions(store, { file, by: 'month' }, airports))
      states.push([each.state, each.version]);
    expect(states).toEqual([['quarantined', expect.stringMatching(/^file-[0-9a-f]{12}$/)]]);
  });

  test('makes `mlops data validate` end with 1 and print expected, seen, rows and examples', async () => {
    const file = await february(`* REPLACE (CASE WHEN ${SOME} THEN 'XQZ' ELSE origin END AS origin)`);
    const run = spawnSync(
      process.execPath,
      [BIN, 'data', 'validate', file, '--data', join(folder, 'store')],
      {
        encoding: 'utf8',
      },
    );
    expect(run.status).toBe(1);
    expect(run.stdout).toMatch(
      /✗ unknown airport +163 of 3260 rows \(expected origin and destination are airports/,
    );
    expect(run.stdout).toMatch(/ {4}2001-02-\d\d \d\d:\d\d XQZ → \w{3}, \d+ miles, delay -?\d+/);
    expect(run.stdout).toContain('refused: unknown airport');
  });
});
