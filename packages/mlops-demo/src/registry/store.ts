/**
 * The model registry on disk: versions that never change, their stages, and an alias that says which one is in production.
 *
 *   MODELS_DIR/versions/<version>/{model.json, weights.bin, timetable.bin, history.csv.gz, manifest.json, manifest.sig}
 *   MODELS_DIR/registry.json     (stages: who moved which version where, and why; registry/state/store.ts)
 *   MODELS_DIR/production        (the name of a version)
 *
 * Rule: a version is written beside its place and renamed into it when every byte is on disk, so a half-written one is never
 * seen. Loading checks the digest of every file; an artifact that does not match its manifest, or whose manifest
 * is not signed with a trusted key, is refused.
 *
 * When it misleads: the digests find damage, the signature finds what was made elsewhere (signature.ts); neither says that a model is good.
 */
import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { FrozenTimetable } from '../features/frozen-timetable.js';
import { unpackTimetable } from '../features/timetable-file.js';
import type { LandingMinutes } from '../flights.js';
import type { DelayModel } from '../model.js';
import { withLock } from 'service-chassis/lock-file';
import { readArtifact, readManifest, readUnsigned, signArtifact, writeArtifact } from './artifact/store.js';
import type { ArtifactOnDisk } from './artifact/store.js';
import { MODEL_ACTIONS, registeredEntry, signedEntry, stageEntry } from './audit-entry.js';
import { unpackHistory } from './history.js';
import { isOfTable, isTableManifest } from './any-manifest.js';
import type { AnyArtifact, AnyManifest } from './any-manifest.js';
import type { Artifact, ModelManifest } from './manifest.js';
import { signingKey, trustedKeys } from './keys/store.js';
import { changeStage, inProduction, rollBack } from './stages.js';
import type { StageChange, StageRecord } from './stages.js';
import { changeState, PRODUCTION, readAlias, readState, versionsIn, writeAlias } from './state/store.js';

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

/** What registering did. */
export type Registered = { state: 'registered' | 'already there'; version: string; because: string };

/** The rules of the stages, or a damaged artifact, forbid a change. */
export class StageRefused extends Error {
  override name = 'StageRefused';
}

/** Adds a version as a candidate. The same bytes again change nothing; a damaged or unsigned version of that name is replaced. */
export async function registerModel(modelsDir: string, artifact: AnyArtifact): Promise<Registered> {
  const { version } = artifact.manifest;
  return withLock(join(modelsDir, 'versions', `.${version}.lock`), async () => {
    const there = existsSync(placeOf(modelsDir, version)) && (await hasModel(modelsDir, version));
    if (!there) {
      await rm(placeOf(modelsDir, version), { recursive: true, force: true });
      await writeArtifact(placeOf(modelsDir, version), artifact, await signingKey(modelsDir));
    }
    await recordCandidate(modelsDir, version);
    if (there)
      return { state: 'already there', version, because: `the registry holds the same bytes as ${version}` };
    const because = `${version} stands in the registry, every file with its digest`;
    return { state: 'registered', version, because };
  });
}

/** Without a record, its registration is not in the audit log yet: also after a crash between the two. */
async function recordCandidate(modelsDir: string, version: string): Promise<void> {
  await changeState(modelsDir, (registry, stored) => {
    if (stored.records.some((record) => record.version === version)) return { result: undefined };
    const because = 'its run passed the gate';
    const entry = registeredEntry(version, new Date().toISOString(), because);
    return { result: undefined, change: { registry, entry } };
  });
}

/** One record a version. */
export async function readStages(modelsDir: string): Promise<StageRecord[]> {
  return (await readState(modelsDir)).records;
}

/**
 * Moves a version to another stage; `production` archives the one before and moves the alias. Writes an audit entry.
 *
 * @throws StageRefused
 */
export async function transition(modelsDir: string, change: StageChange): Promise<StageRecord[]> {
  const served = change.to === 'production' || change.to === 'shadow' || change.to === 'canary';
  return changeState(modelsDir, async (registry) => {
    const staged = changeStage(registry, change);
    if (staged.state === 'refused') throw new StageRefused(staged.because);
    if (staged.state === 'same') return { result: registry.records };
    if (served) await refuseDamaged(modelsDir, change.version);
    const replaced = change.to === 'production' ? inProduction(registry.records)?.version : undefined;
    const entry = stageEntry(change, staged.from, replaced);
    return { result: staged.registry.records, change: { registry: staged.registry, entry } };
  });
}

/**
 * Back to the version in production before; past damaged ones. Writes an audit entry.
 *
 * @throws StageRefused
 */
export async function rollback(
  modelsDir: string,
  change: Omit<StageChange, 'version' | 'to' | 'share'>,
): Promise<StageRecord[]> {
  return changeState(modelsDir, async (registry) => {
    const sound = new Set<string>();
    for (const version of registry.before) {
      if ((await inspect(modelsDir, version)).state === 'sound') sound.add(version);
    }
    const back = rollBack(registry, change, (version) => sound.has(version));
    if (back.state === 'refused') throw new StageRefused(back.because);
    const { version, from } = back;
    const replaced = inProduction(registry.records)?.version;
    const moved = { ...change, version, to: 'production' } as const;
    const entry = stageEntry(moved, from, replaced, MODEL_ACTIONS.rolledBack);
    return { result: back.registry.records, change: { registry: back.registry, entry } };
  });
}

async function refuseDamaged(modelsDir: string, version: string): Promise<void> {
  const found = await inspect(modelsDir, version);
  if (found.state === 'damaged') throw new StageRefused(`${version}: ${found.because}`);
}

/**
 * Signs a version that is there: one from before there were signatures, or after a change of keys. Writes an audit entry.
 *
 * @throws StageRefused when its files are not what its manifest says
 */
export async function signModel(
  modelsDir: string,
  version: string,
  by: string,
  because: string,
): Promise<void> {
  const found = await readUnsigned(placeOf(modelsDir, version));
  if (found.state === 'damaged') throw new StageRefused(`${version}: ${found.because}`);
  await signArtifact(placeOf(modelsDir, version), await signingKey(modelsDir));
  await changeState(modelsDir, (registry) => {
    const entry = signedEntry(version, new Date().toISOString(), by, because);
    return { result: undefined, change: { registry, entry } };
  });
}

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

/** The version that the alias names, or undefined while it names none. */
export async function productionVersion(modelsDir: string): Promise<string | undefined> {
  return readAlias(modelsDir);
}

/** Moves the alias and nothing else, as a person with a text editor would. */
export async function pointProduction(modelsDir: string, version: string): Promise<void> {
  await writeAlias(modelsDir, version);
}

/** A version's manifest and files, or why there are none. */
export type ReadVersion<Kind> =
  ({ state: 'sound' } & Kind) | { state: 'absent'; because: string } | { state: 'refused'; because: string };

/** A model of flights. */
export async function readModel(modelsDir: string, version: string): Promise<ReadVersion<Artifact>> {
  const read = await readVersion(modelsDir, version);
  if (read.state !== 'sound') return read;
  if (!isOfTable(read.artifact)) return { state: 'sound', ...read.artifact };
  const { table } = read.artifact.manifest;
  return { state: 'refused', because: `${version} is a model of the table '${table}', not of flights` };
}

/** A model of whatever kind. */
export async function readVersion(
  modelsDir: string,
  version: string,
): Promise<ReadVersion<{ artifact: AnyArtifact }>> {
  const place = placeOf(modelsDir, version);
  if (!/^[\w-][\w.-]*$/.test(version) || !existsSync(place))
    return { state: 'absent', because: `the registry has no version '${version}'` };
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
async function inspect(modelsDir: string, version: string): Promise<ArtifactOnDisk> {
  return readArtifact(placeOf(modelsDir, version), await trustedKeys(modelsDir));
}

function placeOf(modelsDir: string, version: string): string {
  return join(modelsDir, 'versions', version);
}
