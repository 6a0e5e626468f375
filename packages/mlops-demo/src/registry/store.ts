/**
 * The model registry on disk: versions that never change, their stages, and an alias that says which one is in production.
 *
 *   MODELS_DIR/versions/<version>/{model.json, weights.bin, timetable.bin, history.csv.gz, manifest.json, manifest.sig}
 *   MODELS_DIR/registry.json     (stages: who moved which version where, and why; registry/state/store.ts)
 *   MODELS_DIR/production        (the name of a version)
 *
 * Rule: a version is written beside its place and renamed into it when every byte is on disk, so a half-written one is never
 * seen. Loading checks the digest of every file; an artifact that does not match its manifest, or whose manifest
 * is not signed with a trusted key, is refused. Here a registry is read; what changes it stands in registry/changes/store.ts.
 *
 * Source: the MLflow model registry (https://mlflow.org/docs/latest/ml/model-registry/): versions that stay as they are, and aliases that move.
 *
 * Example: one byte of weights.bin changed → loadModel answers { state: 'refused', because: '2001-01-31-fda544fb: weights.bin has … its manifest says …' }
 *
 * When it misleads: the digests find damage, the signature finds what was made elsewhere (signature.ts); neither says that a model is good.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { FrozenTimetable } from '../features/frozen-timetable.js';
import { unpackTimetable } from '../features/timetable-file.js';
import type { LandingMinutes } from '../flights.js';
import type { DelayModel } from '../model.js';
import { readArtifact, readManifest } from './artifact/store.js';
import type { ArtifactOnDisk } from './artifact/store.js';
import { unpackHistory } from './history.js';
import { isOfTable, isTableManifest, subjectOf } from './any-manifest.js';
import type { AnyArtifact, AnyManifest } from './any-manifest.js';
import type { Artifact, ModelManifest } from './manifest.js';
import { trustedKeys } from './keys/store.js';
import { PRODUCTION, readProduction, versionsIn } from './state/store.js';

export { digestOf } from './digest.js';

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

/** Whether the registry holds the version, every file as its manifest says. */
export async function hasModel(modelsDir: string, version: string): Promise<boolean> {
  return (await inspect(modelsDir, version)).state === 'sound';
}

/** The models of flights in the registry, newest data first. */
export async function listModels(modelsDir: string): Promise<ModelManifest[]> {
  return (await listVersions(modelsDir)).filter(
    (manifest): manifest is ModelManifest => !isTableManifest(manifest),
  );
}

/** All versions in the registry, newest data first. Damaged ones are left out: loading says what is wrong with them. */
export async function listVersions(modelsDir: string): Promise<AnyManifest[]> {
  const manifests: AnyManifest[] = [];
  for (const name of await versionsIn(modelsDir)) {
    const manifest = await readManifest(placeOf(modelsDir, name));
    if (manifest.state === 'read') manifests.push(manifest.manifest);
  }
  return manifests.sort(
    (a, b) => b.dataThrough.localeCompare(a.dataThrough) || b.createdAt.localeCompare(a.createdAt),
  );
}

/** The version in production, or undefined while there is none. */
export async function productionVersion(modelsDir: string): Promise<string | undefined> {
  return readProduction(modelsDir);
}

/** A version's manifest and files, or why there are none. */
export type ReadVersion<Kind> =
  ({ state: 'sound' } & Kind) | { state: 'absent'; because: string } | { state: 'refused'; because: string };

/** A model of flights. */
export async function readModel(modelsDir: string, version: string): Promise<ReadVersion<Artifact>> {
  const read = await readVersion(modelsDir, version);
  if (read.state !== 'sound') return read;
  if (!isOfTable(read.artifact)) return { state: 'sound', ...read.artifact };
  const subject = subjectOf(read.artifact.manifest);
  return { state: 'refused', because: `${version} is a model of ${subject}, not of flights` };
}

/** A model of whatever kind. */
export async function readVersion(
  modelsDir: string,
  version: string,
): Promise<ReadVersion<{ artifact: AnyArtifact }>> {
  const place = placeOf(modelsDir, version);
  if (!/^[\w-][\w.-]*$/.test(version) || !existsSync(place))
    return {
      state: 'absent',
      because: `the registry has no version '${version}'; npx mlops list shows them`,
    };
  const read = await inspect(modelsDir, version);
  return read.state === 'sound' ? read : { state: 'refused', because: `${version}: ${read.because}` };
}

/** Loads a version, or the one in production, onto the backend that is set. */
export async function loadModel(modelsDir: string, name: string = PRODUCTION): Promise<LoadedModel> {
  const version = name === PRODUCTION ? await productionVersion(modelsDir) : name;
  if (version === undefined)
    return { state: 'absent', because: 'no model is in production yet: run `mlops run`' };
  const read = await readModel(modelsDir, version);
  if (read.state !== 'sound') return read;
  const { manifest, files } = read;
  // tfjs takes half a second to load: whoever only moves or lists models does without.
  const { loadNetwork } = await import('../model.js');
  const network = await loadNetwork(files);
  const history = (): LandingMinutes[] => unpackHistory(files['history.csv.gz']);
  const frozen = manifest.timetable.kind === 'frozen';
  const timetable = frozen ? unpackTimetable(files['timetable.bin']) : undefined;
  return {
    state: 'loaded',
    manifest,
    model: { network, normaliser: manifest.normaliser, calibration: manifest.calibration },
    timetable,
    history,
  };
}

/** The version's files, if they are what somebody trusted has signed. */
export async function inspect(modelsDir: string, version: string): Promise<ArtifactOnDisk> {
  return readArtifact(placeOf(modelsDir, version), await trustedKeys(modelsDir));
}

/** The folder of a version. */
export function placeOf(modelsDir: string, version: string): string {
  return join(modelsDir, 'versions', version);
}
