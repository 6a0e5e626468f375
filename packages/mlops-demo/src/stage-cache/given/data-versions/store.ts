/**
 * The flights of data versions (`mlops data add`), as something given to a run.
 *
 * Rule: a version's name ends with the digest of its manifest, which holds the digest of its rows: the names are the digest of what is given.
 * Rows are read when `ingest` runs, and each version is checked then; a damaged one stops the run.
 */
import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openObjectStore } from '../../../data/objects/open.js';
import type { FlightSource } from '../../../data/store.js';
import { versionsCovering } from '../../../data/versions/covering.js';
import { listVersions, readVersion } from '../../../data/versions/read.js';
import type { IngestRequest } from '../../../ingest.js';
import type { GivenFlights } from '../store.js';

/**
 * The versions that hold the days of a plan.
 *
 * @throws when a day is missing: a refused batch blocks training
 */
export async function coveringVersions(
  place: string,
  { from, through }: Pick<IngestRequest, 'from' | 'through'>,
): Promise<string[]> {
  const covering = versionsCovering({ from, through }, 'flights', await listVersions(openObjectStore(place)));
  if (covering.state === 'gap') throw new Error(`${place}: ${covering.because}`);
  return covering.versions.map(({ version }) => version);
}

export function givenDataVersions(place: string, versions: readonly string[]): GivenFlights {
  let opened: Promise<Opened> | undefined;
  return {
    digest: createHash('sha256').update(versions.join('\n')).digest('hex'),
    dataVersions: [...versions],
    value: async () => (await (opened ??= open(place, versions))).source,
    async close() {
      const { source, folder } = (await opened) ?? {};
      source?.close();
      if (folder !== undefined) await rm(folder, { recursive: true, force: true });
    },
  };
}

interface Opened {
  source: FlightSource;
  folder: string;
}

async function open(place: string, versions: readonly string[]): Promise<Opened> {
  const { openFlights } = await import('../../../data/store.js');
  const folder = await mkdtemp(join(tmpdir(), 'mlops-data-'));
  const store = openObjectStore(place);
  for (const version of versions) {
    const read = await readVersion(store, version);
    if (read.state === 'refused') throw new Error(`${read.version}: ${read.because}`);
    await writeFile(join(folder, `${version}.parquet`), read.bytes);
  }
  const source = await openFlights({ file: join(folder, '*.parquet'), name: versions.join(', ') });
  return { source, folder };
}
