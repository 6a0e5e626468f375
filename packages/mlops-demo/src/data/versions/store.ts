/**
 * Adds data versions: batches of flights that never change, each with a manifest.
 *
 *   PLACE/objects/<sha256>.parquet     the rows
 *   PLACE/versions/<version>.json      the manifest; a version exists when its manifest does
 *
 * in:  a file of flights → out: versions flights-2001-01-…, flights-2001-02-…
 *
 * Rule: the object is written before its manifest, so a writer that is killed leaves no version without its rows. A batch that is
 * there already, byte for byte, stays as it is; a damaged one is written again.
 */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { basename } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { ObjectStore } from '../objects/object-store.js';
import { openBatchCutter } from '../parquet/store.js';
import type { WrittenBatch } from '../parquet/store.js';
import { manifestKey, objectKey } from './manifest.js';
import type { BatchLength, DataManifest, NamedManifest } from './manifest.js';
import { batchesOf, manifestBytes, nameOf, newestOf, parentOf } from './name.js';
import { listVersions, readVersion, sha256Of } from './read.js';

/** What to add. */
export interface AddRequest {
  file: string;
  by: BatchLength;
  /** Days; without them, all of the file. */
  from?: string;
  through?: string;
  airports?: readonly string[];
}

/** What became of one batch. */
export interface Added extends NamedManifest {
  state: 'added' | 'already there';
}

/** Cuts the file into batches and keeps each. */
export async function* addVersions(store: ObjectStore, request: AddRequest): AsyncGenerator<Added> {
  const cutter = await openBatchCutter(request.file);
  try {
    const whole = await cutter.days();
    const days = { from: request.from ?? whole.from, through: request.through ?? whole.through };
    const only = request.airports === undefined ? {} : { airports: [...request.airports] };
    const source = { file: basename(request.file), sha256: await sha256OfFile(request.file), ...only };
    const dataset = ['flights', ...(request.airports ?? [])].join('-').toLowerCase();
    const versions = await listVersions(store);
    for (const batch of batchesOf(days, request.by)) {
      const cut = await cutter.cut({ ...batch, ...only });
      if (cut === undefined) continue;
      const added = await keep(store, versions, { dataset, by: request.by, ...batch, source }, cut);
      if (added.state === 'added') versions.push(added);
      yield added;
    }
  } finally {
    await cutter.close();
  }
}

async function keep(
  store: ObjectStore,
  versions: readonly NamedManifest[],
  about: Pick<DataManifest, 'dataset' | 'by' | 'from' | 'through' | 'source'>,
  { bytes, ...described }: WrittenBatch,
): Promise<Added> {
  const object = { sha256: sha256Of(bytes), bytes: bytes.byteLength };
  const there = newestOf(about, versions);
  const same = there?.manifest.object.sha256 === object.sha256 ? there : undefined;
  if (same && (await readVersion(store, same.version)).state === 'sound') {
    return { state: 'already there', ...same };
  }
  const parent = same ? same.manifest.parent : (parentOf(about, versions)?.version ?? null);
  const manifest: DataManifest = { format: 1, ...about, ...described, object, parent };
  const text = manifestBytes(manifest);
  const version = nameOf(manifest, text);
  await store.write(objectKey(object.sha256), bytes);
  await store.write(manifestKey(version), text);
  return { state: 'added', version, manifest };
}

async function sha256OfFile(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}
