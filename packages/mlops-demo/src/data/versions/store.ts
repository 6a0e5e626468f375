/**
 * Adds data versions: batches of flights that never change, each with a manifest.
 *
 *   PLACE/objects/<sha256>.parquet     the rows
 *   PLACE/versions/<version>.json      the manifest; a version exists when its manifest does
 *   PLACE/reports/<version>.json, .csv   what validation said about it, and its quarantined rows
 *   PLACE/quarantine/<version>.json, .csv   a batch that was refused: its manifest and report; no version, so nothing trains on it
 *
 * in:  a file of flights → out: versions flights-2001-01-…, flights-2001-02-…
 *
 * Rule: one writer at a time looks what there is, judges a batch and writes it, so of two corrections at once the later one follows the
 * earlier. The manifest is written last, so a writer that is killed leaves no version without its rows. A batch that is
 * there already, byte for byte, stays as it is; a damaged one is written again. Where another one's manifest is damaged and may be the newest version
 * of the same days, the batch is refused: nobody knows what it follows (doubt.ts).
 */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { basename } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { Airports } from '../../airports.js';
import { batchReport, quarantinedCsv, unreadableReport } from '../../validate/batch-report.js';
import type { BatchReport } from '../../validate/batch-report.js';
import { examineFile, notWhole, readBatchOf } from '../batch/store.js';
import type { ObjectStore } from '../objects/object-store.js';
import { openBatchCutter, UnreadableFile } from '../parquet/store.js';
import type { WrittenBatch } from '../parquet/store.js';
import { Yardstick } from '../reference/yardstick.js';
import { manifestKey, objectKey } from './manifest.js';
import { doubtAboutBatch } from './doubt.js';
import type { BatchLength, DataManifest, NamedManifest, VersionList } from './manifest.js';
import { damagedManifestOf } from './repair.js';
import { batchesOf, jsonBytes, nameOf, newestOf, parentOf, periodOf } from './name.js';
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
export type Added =
  | ({ state: 'added' | 'already there' } & NamedManifest)
  | { state: 'quarantined'; version: string; report: BatchReport }
  /** What the batch would follow is not known. */
  | { state: 'refused'; version: string; because: string };

interface Keeper {
  store: ObjectStore;
  versions: VersionList;
  yardstick: Yardstick;
  airports: Airports;
}

type About = Pick<DataManifest, 'dataset' | 'by' | 'from' | 'through' | 'source'>;

/** Cuts the file into batches, judges each and keeps the good ones. */
export async function* addVersions(
  store: ObjectStore,
  request: AddRequest,
  airports: Airports,
): AsyncGenerator<Added> {
  const sha256 = await sha256OfFile(request.file);
  const name = basename(request.file);
  const refuse = (checks: BatchReport['checks']): Promise<Added> =>
    quarantine(store, unreadableReport(`file-${sha256.slice(0, 12)}`, checks));
  const checks = await examineFile(request.file);
  if (checks.some(({ state }) => state === 'failed')) {
    yield await refuse(checks);
    return;
  }
  const only = request.airports === undefined ? {} : { airports: [...request.airports] };
  const source = { file: name, sha256, ...only };
  const dataset = ['flights', ...(request.airports ?? [])].join('-').toLowerCase();
  let known: NamedManifest[] = [];
  const yardstick = new Yardstick(store, airports);
  const cutter = await openBatchCutter(request.file);
  try {
    const whole = await cutter.days();
    const days = { from: request.from ?? whole.from, through: request.through ?? whole.through };
    for (const batch of batchesOf(days, request.by)) {
      const cut = await cutter.cut({ ...batch, ...only });
      if (cut === undefined) continue;
      const about = { dataset, by: request.by, ...batch, source };
      yield await store.alone(async () => {
        const versions = await listVersions(store, known);
        known = versions.sound;
        return keep({ store, versions, yardstick, airports }, about, cut);
      });
    }
  } catch (error) {
    if (!(error instanceof UnreadableFile)) throw error;
    yield await refuse([...checks, notWhole(request.file, error)]);
  } finally {
    await cutter.close();
  }
}

async function keep(
  { store, versions, yardstick, airports }: Keeper,
  about: About,
  { bytes, ...described }: WrittenBatch,
): Promise<Added> {
  const object = { sha256: sha256Of(bytes), bytes: bytes.byteLength };
  const following = (parent: string | null): DataManifest => ({
    format: 1,
    ...about,
    ...described,
    object,
    parent,
  });
  const damaged = damagedManifestOf(versions, about, following);
  const doubt = damaged ? undefined : doubtAboutBatch(about, versions);
  if (doubt !== undefined)
    return { state: 'refused', version: `${about.dataset}-${periodOf(about)}`, because: doubt };
  const there = newestOf(about, versions.sound);
  const same = there?.manifest.object.sha256 === object.sha256 ? there : undefined;
  if (!damaged && same && (await readVersion(store, same.version)).state === 'sound') {
    return { state: 'already there', ...same };
  }
  const parent = same ? same.manifest.parent : (parentOf(about, versions.sound)?.version ?? null);
  const manifest = damaged ?? following(parent);
  const text = jsonBytes(manifest);
  const version = nameOf(manifest, text);
  const read = await readBatchOf(bytes, version);
  if (read.state === 'unreadable') return quarantine(store, unreadableReport(version, read.checks));
  const reference = await yardstick.before(about, versions.sound);
  const expectations = { days: about, ...(reference ? { reference } : {}) };
  const { report, judgement } = batchReport(read.raw, read.checks, airports, expectations);
  const rows = quarantinedCsv(read.raw, judgement);
  await store.write(objectKey(object.sha256), bytes);
  if (report.state === 'failed') return quarantine(store, report, manifest, rows);
  await store.write(`reports/${version}.json`, jsonBytes(report));
  await store.write(`reports/${version}.csv`, new TextEncoder().encode(rows));
  await store.write(manifestKey(version), text);
  yardstick.remember(version, read.raw, judgement.clean);
  return { state: 'added', version, manifest };
}

async function quarantine(
  store: ObjectStore,
  report: BatchReport,
  manifest?: DataManifest,
  rows?: string,
): Promise<Added> {
  const version = report.batch;
  if (rows !== undefined) {
    await store.write(`quarantine/${version}.csv`, new TextEncoder().encode(rows));
  }
  await store.write(`quarantine/${version}.json`, jsonBytes({ report, ...(manifest ? { manifest } : {}) }));
  return { state: 'quarantined', version, report };
}

async function sha256OfFile(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}
