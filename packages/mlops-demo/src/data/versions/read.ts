/**
 * Reads data versions out of a store, and trusts nothing that it has not hashed.
 *
 * in:  a reference like 2001-01 → out: manifest and Parquet bytes, or a sentence that says what is damaged
 *
 * Rule: the manifest must have the digest that the version's name ends with, the rows must have the digest that the manifest states.
 * What does not match is refused, never repaired and never used in part.
 *
 * When it misleads: digests find damage, not malice: whoever can write the store can write a whole new history.
 *
 * Example: one flipped byte in January's rows → "its rows are damaged: objects/9f3c….parquet has 2412345 bytes with sha256 …"
 */
import { createHash } from 'node:crypto';
import { reasonOf } from 'service-chassis/reason-of';
import type { ObjectStore } from '../objects/object-store.js';
import { dataManifestSchema, manifestKey, objectKey } from './manifest.js';
import type { DataManifest, NamedManifest, VersionList } from './manifest.js';
import { isVersionName, nameOf } from './name.js';
import { resolve } from './resolve.js';

/** A version whose bytes are those of its manifest, or why it is refused. */
export type ReadVersion =
  | ({ state: 'sound'; bytes: Uint8Array } & NamedManifest)
  | { state: 'refused'; version: string; because: string };

/**
 * The sound manifests, in order of their days, and the names of the damaged ones.
 *
 * @param known read just before: they are not read again
 */
export async function listVersions(
  store: ObjectStore,
  known: readonly NamedManifest[] = [],
): Promise<VersionList> {
  const list: VersionList = { sound: [], damaged: [] };
  const before = new Map(known.map((each) => [each.version, each]));
  for (const version of await namesIn(store)) {
    const there = before.get(version);
    if (there !== undefined) {
      list.sound.push(there);
      continue;
    }
    const read = await readManifest(store, version);
    if (read.state === 'sound') list.sound.push({ version, manifest: read.manifest });
    else list.damaged.push({ version, because: read.because });
  }
  list.sound.sort(
    (a, b) => a.manifest.from.localeCompare(b.manifest.from) || a.version.localeCompare(b.version),
  );
  return list;
}

/** The batches that were refused, without those that were found good later. */
export async function quarantinedNames(
  store: ObjectStore,
  versions: readonly NamedManifest[],
): Promise<string[]> {
  const good = new Set(versions.map(({ version }) => version));
  const keys = await store.keys('quarantine/');
  const names = keys
    .filter((key) => key.endsWith('.json'))
    .map((key) => key.replace(/^quarantine\/|\.json$/g, ''));
  return names.filter((name) => !good.has(name));
}

/** Reads everything again and checks every digest. */
export async function* verifyVersions(store: ObjectStore): AsyncGenerator<ReadVersion> {
  for (const version of await namesIn(store)) yield await readVersion(store, version);
}

/** The version that a reference means, checked. */
export async function readVersion(store: ObjectStore, reference: string): Promise<ReadVersion> {
  const meant = isVersionName(reference)
    ? ({ state: 'found', version: reference } as const)
    : resolve(reference, await listVersions(store));
  if (meant.state === 'unknown') return refused(reference, `${meant.because} in ${store.place}`);
  const { version } = meant;
  const read = await readManifest(store, version);
  if (read.state === 'damaged') return refused(version, read.because);
  const { object } = read.manifest;
  const key = objectKey(object.sha256);
  const bytes = await store.read(key);
  if (bytes === undefined) return refused(version, `its rows are missing: ${store.place} has no ${key}`);
  const sha256 = sha256Of(bytes);
  if (sha256 !== object.sha256) {
    const has = `${bytes.byteLength} bytes with sha256 ${sha256.slice(0, 12)}…`;
    const wanted = `${object.bytes} bytes with ${object.sha256.slice(0, 12)}…`;
    return refused(version, `its rows are damaged: ${key} has ${has}, the manifest says ${wanted}`);
  }
  return { state: 'sound', version, manifest: read.manifest, bytes };
}

function refused(version: string, because: string): ReadVersion {
  return { state: 'refused', version, because };
}

async function namesIn(store: ObjectStore): Promise<string[]> {
  const keys = await store.keys('versions/');
  return keys.map((key) => key.replace(/^versions\/|\.json$/g, '')).filter(isVersionName);
}

type ReadManifest = { state: 'sound'; manifest: DataManifest } | { state: 'damaged'; because: string };

async function readManifest(store: ObjectStore, version: string): Promise<ReadManifest> {
  const key = manifestKey(version);
  const bytes = await store.read(key);
  if (bytes === undefined) return { state: 'damaged', because: `${store.place} has no ${key}` };
  try {
    const manifest = dataManifestSchema.parse(JSON.parse(new TextDecoder().decode(bytes)));
    if (nameOf(manifest, bytes) === version) return { state: 'sound', manifest };
    const because = `its manifest is damaged: the digest of ${key} is not the one that its name ends with`;
    return { state: 'damaged', because };
  } catch (error) {
    return {
      state: 'damaged',
      because: `its manifest is damaged: ${key} cannot be read (${reasonOf(error)})`,
    };
  }
}

/** The SHA-256 of some bytes, in hexadecimal. */
export function sha256Of(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
