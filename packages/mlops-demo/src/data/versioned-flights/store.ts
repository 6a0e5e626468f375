/**
 * Flights out of data versions: what `ingest` reads when a run is to say exactly which data it used.
 *
 * in:  a store, the days of a plan → out: ReadsFlights, and the digest of the versions that it reads
 *
 * Rule: every version is hashed before DuckDB sees it. A day without a version, or a version whose digest is wrong, stops the run: a
 * batch in quarantine is no version. So does a damaged manifest that may be the newest version of the days (versions/doubt.ts).
 *
 * When it misleads: the versions are chosen when the source is opened; what is added later is read by the next run.
 */
import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { IngestRequest } from '../../ingest.js';
import type { GivenFlights } from '../../stage-cache/given/store.js';
import type { RawFlights } from '../columns.js';
import type { ObjectStore } from '../objects/object-store.js';
import { readCodes, readRows } from '../rows/store.js';
import { flightsWithin, spansWithin, tableOf } from '../sql.js';
import { doubtAboutDays } from '../versions/doubt.js';
import { listVersions, quarantinedNames, readVersion } from '../versions/read.js';
import { coverOf } from './cover.js';
import type { Part } from './cover.js';

const DATASET = 'flights';

/**
 * Chooses the versions of these days; reads them when they are asked for.
 *
 * @param only the names to choose from: those that a model was trained on, newer ones aside
 */
export async function givenVersions(
  store: ObjectStore,
  days: { from: string; through: string },
  only?: readonly string[],
): Promise<GivenFlights> {
  const { sound, damaged } = await listVersions(store);
  const isWanted = ({ version }: { version: string }): boolean => only?.includes(version) ?? true;
  const among = { sound: sound.filter(isWanted), damaged: damaged.filter(isWanted) };
  const doubt = doubtAboutDays({ dataset: DATASET, ...days }, among);
  if (doubt !== undefined) throw new Error(`${store.place}: ${doubt}`);
  const cover = coverOf(days, DATASET, among.sound);
  if (cover.state === 'uncovered') throw new Error(await missing(store, cover.day));
  const { parts } = cover;
  return {
    dataVersions: parts.map(({ version }) => version),
    digest: createHash('sha256').update(JSON.stringify(parts)).digest('hex'),
    value: () => Promise.resolve({ read: (request) => readParts(store, parts, request) }),
    close: () => Promise.resolve(),
  };
}

async function missing(store: ObjectStore, day: string): Promise<string> {
  const names = await quarantinedNames(store, []);
  const quarantined = names.filter((name) => name.startsWith(`${DATASET}-${day.slice(0, 7)}`));
  const because =
    quarantined.length === 0
      ? 'add it with `mlops data add`'
      : `${quarantined.join(', ')} was refused and is in quarantine`;
  return `no data version in ${store.place} holds ${day}: ${because}`;
}

async function readParts(
  store: ObjectStore,
  parts: readonly Part[],
  request: IngestRequest,
): Promise<RawFlights> {
  const folder = await mkdtemp(join(tmpdir(), 'mlops-versions-'));
  // Loaded only when rows are read: a run whose stages are all cached does without.
  const { DuckDBInstance } = await import('@duckdb/node-api');
  const database = await DuckDBInstance.create(':memory:', { threads: '2', memory_limit: '1GB' });
  const connection = await database.connect();
  try {
    const tables: string[] = [];
    for (const { version, ...days } of parts) {
      const file = join(folder, `${version}.parquet`);
      await writeFile(file, await soundBytes(store, version));
      tables.push(
        `SELECT date, delay, distance, origin, destination FROM ${tableOf(file)} WHERE ${flightsWithin(days)}`,
      );
    }
    const table = `(${tables.join(' UNION ALL ')})`;
    const codes = await readCodes(connection, table);
    const rows = await readRows(connection, table, spansWithin(request).map(flightsWithin));
    const source = `data versions ${parts.map(({ version }) => version).join(', ')}`;
    return { source, codes, ...rows };
  } finally {
    connection.closeSync();
    database.closeSync();
    await rm(folder, { recursive: true, force: true });
  }
}

async function soundBytes(store: ObjectStore, version: string): Promise<Uint8Array> {
  const read = await readVersion(store, version);
  if (read.state === 'sound') return read.bytes;
  throw new Error(`data version ${version} is refused: ${read.because}`);
}
