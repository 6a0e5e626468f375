/**
 * The model registry on disk: versions that never change, and an alias that says which one is in production.
 *
 *   MODELS_DIR/versions/<version>/{model.json, weights.bin, timetable.bin, history.csv.gz, manifest.json}
 *   MODELS_DIR/production        (the name of a version)
 *
 * Rule: a version is written beside its place and renamed into it when every byte is on disk, so a half-written one is never
 * seen. Loading checks the digest of every file; an artifact that does not match its manifest is refused.
 *
 * When it misleads: the digests find damage, not malice: whoever can write the folder can write the manifest too.
 */
import { createHash, randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { FrozenTimetable } from '../features/frozen-timetable.js';
import { unpackTimetable } from '../features/timetable-file.js';
import type { LandingMinutes } from '../flights.js';
import { loadNetwork } from '../model.js';
import type { DelayModel } from '../model.js';
import { unpackHistory } from './history.js';
import { ARTIFACT_FILES, manifestSchema } from './manifest.js';
import type { Artifact, ArtifactFile, ModelManifest } from './manifest.js';

/** The alias that the server follows. */
export const PRODUCTION = 'production';

/** A model out of the registry, or why there is none. */
export type LoadedModel =
  | {
      state: 'loaded';
      manifest: ModelManifest;
      model: DelayModel;
      /** The model's own; undefined when it reads the last 14 days of landings. */
      timetable: FrozenTimetable | undefined;
      history: () => LandingMinutes[];
    }
  | { state: 'absent'; because: string }
  | { state: 'refused'; because: string };

/** What registering did. */
export type Registered = { state: 'registered' | 'already there'; version: string; because: string };

/** Adds a version. The same bytes again change nothing; a damaged version of that name is replaced. */
export async function registerModel(modelsDir: string, artifact: Artifact): Promise<Registered> {
  const { version } = artifact.manifest;
  const place = join(modelsDir, 'versions', version);
  if (existsSync(place)) {
    const there = await verify(place);
    if (there.state === 'sound') {
      return { state: 'already there', version, because: `the registry holds the same bytes as ${version}` };
    }
    await rm(place, { recursive: true, force: true });
  }
  const draft = join(modelsDir, 'versions', `.${version}.${randomUUID()}`);
  await mkdir(draft, { recursive: true });
  for (const name of ARTIFACT_FILES) await writeDurably(join(draft, name), artifact.files[name]);
  const manifest = new TextEncoder().encode(`${JSON.stringify(artifact.manifest, null, 2)}\n`);
  await writeDurably(join(draft, 'manifest.json'), manifest);
  await syncFolder(draft);
  await rename(draft, place);
  await syncFolder(join(modelsDir, 'versions'));
  return {
    state: 'registered',
    version,
    because: `${version} stands in the registry, every file with its digest`,
  };
}

/** The versions in the registry, newest data first. Damaged ones are left out: `loadModel` says what is wrong with them. */
export async function listModels(modelsDir: string): Promise<ModelManifest[]> {
  const folder = join(modelsDir, 'versions');
  if (!existsSync(folder)) return [];
  const names = (await readdir(folder)).filter((name) => !name.startsWith('.'));
  const manifests: ModelManifest[] = [];
  for (const name of names) {
    const manifest = await readManifest(join(folder, name));
    if (manifest.state === 'read') manifests.push(manifest.manifest);
  }
  return manifests.sort(
    (a, b) => b.dataThrough.localeCompare(a.dataThrough) || b.createdAt.localeCompare(a.createdAt),
  );
}

/** The version that the alias names, or undefined while it names none. */
export async function productionVersion(modelsDir: string): Promise<string | undefined> {
  const alias = join(modelsDir, PRODUCTION);
  return existsSync(alias) ? (await readFile(alias, 'utf8')).trim() : undefined;
}

/** Points the alias at a version, in one step: a reader sees the old name or the new one. */
export async function pointProduction(modelsDir: string, version: string): Promise<void> {
  const draft = join(modelsDir, `.${PRODUCTION}.${randomUUID()}`);
  await writeDurably(draft, new TextEncoder().encode(`${version}\n`));
  await rename(draft, join(modelsDir, PRODUCTION));
  await syncFolder(modelsDir);
}

/** Loads a version, or the one in production, onto the backend that is set. */
export async function loadModel(modelsDir: string, name: string = PRODUCTION): Promise<LoadedModel> {
  const version = name === PRODUCTION ? await productionVersion(modelsDir) : name;
  if (version === undefined)
    return { state: 'absent', because: 'no model is in production yet: run `mlops run`' };
  const place = join(modelsDir, 'versions', version);
  if (!/^[\w-][\w.-]*$/.test(version) || !existsSync(place)) {
    return { state: 'absent', because: `the registry has no version '${version}'` };
  }
  const verified = await verify(place);
  if (verified.state === 'damaged') return { state: 'refused', because: `${version}: ${verified.because}` };
  const { manifest, files } = verified;
  const network = await loadNetwork(files);
  const history = (): LandingMinutes[] => unpackHistory(files['history.csv.gz']);
  const frozen = manifest.timetable.kind === 'frozen';
  const timetable = frozen ? unpackTimetable(files['timetable.bin']) : undefined;
  return {
    state: 'loaded',
    manifest,
    model: { network, normaliser: manifest.normaliser },
    timetable,
    history,
  };
}

type Verified = ({ state: 'sound' } & Artifact) | { state: 'damaged'; because: string };

async function verify(place: string): Promise<Verified> {
  const read = await readManifest(place);
  if (read.state === 'damaged') return read;
  const files = {} as Record<ArtifactFile, Uint8Array>;
  for (const name of ARTIFACT_FILES) {
    const path = join(place, name);
    if (!existsSync(path)) return { state: 'damaged', because: `${name} is missing` };
    files[name] = await readFile(path);
    const { sha256, bytes } = digestOf(files[name]);
    const expected = read.manifest.files[name];
    if (sha256 !== expected.sha256) {
      const found = `${bytes} bytes with sha256 ${sha256.slice(0, 12)}…`;
      const wanted = `${expected.bytes} bytes with ${expected.sha256.slice(0, 12)}…`;
      return { state: 'damaged', because: `${name} has ${found}, its manifest says ${wanted}` };
    }
  }
  return { state: 'sound', manifest: read.manifest, files };
}

async function readManifest(
  place: string,
): Promise<{ state: 'read'; manifest: ModelManifest } | { state: 'damaged'; because: string }> {
  try {
    const text = await readFile(join(place, 'manifest.json'), 'utf8');
    return { state: 'read', manifest: manifestSchema.parse(JSON.parse(text)) };
  } catch (error) {
    const reason = error instanceof Error ? error.message.split('\n', 1)[0] : String(error);
    return { state: 'damaged', because: `manifest.json cannot be read (${reason})` };
  }
}

/** The digest and size of some bytes. */
export function digestOf(bytes: Uint8Array): { sha256: string; bytes: number } {
  return { sha256: createHash('sha256').update(bytes).digest('hex'), bytes: bytes.byteLength };
}

async function writeDurably(path: string, bytes: Uint8Array): Promise<void> {
  const file = await open(path, 'w');
  try {
    await file.writeFile(bytes);
    await file.sync();
  } finally {
    await file.close();
  }
}

async function syncFolder(path: string): Promise<void> {
  // Windows cannot open a folder to sync it.
  if (process.platform === 'win32') return;
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
