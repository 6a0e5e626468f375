/**
 * Changes to the registry on disk: a version comes in, moves from stage to stage, is signed; each with an entry in the audit log.
 *
 * Rule: what goes in is written beside its place and renamed into it. What is to be served, shadowed or tried is checked before, file by
 * file; it has to be a model of the same thing as what is in production, flights or a certain table. How a change survives a crash stands in registry/state/store.ts.
 *
 * Source: the stages and their rules, registry/stages.ts.
 *
 * Example: rollback(dir, { by: 'person:ann', because: 'it annoyed customers', at }) → the records, the version before in production, and the entry
 * model.rolled-back in the audit log
 */
import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { withLock } from 'service-chassis/lock-file';
import { readManifest, readUnsigned, signArtifact, writeArtifact } from '../artifact/store.js';
import { subjectOf } from '../any-manifest.js';
import type { AnyArtifact, AnyManifest } from '../any-manifest.js';
import { MODEL_ACTIONS, registeredEntry, signedEntry, stageEntry } from '../audit-entry.js';
import { signingKey } from '../keys/store.js';
import { changeStage, inProduction, rollBack } from '../stages.js';
import type { StageChange, StageRecord } from '../stages.js';
import { changeState, readState } from '../state/store.js';
import { hasModel, inspect, placeOf } from '../store.js';

/** What registering did. */
export type Registered = { state: 'registered' | 'already there'; version: string; because: string };

/** The rules of the stages, or a damaged artifact, forbid a change. */
export class StageRefused extends Error {
  override name = 'StageRefused';

  /** Who has changed meanwhile what is in production. */
  readonly decidedBy: string | undefined;

  constructor(because: string, decidedBy?: string) {
    super(because);
    this.decidedBy = decidedBy;
  }
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
    await recordCandidate(modelsDir, artifact.manifest);
    if (there)
      return {
        state: 'already there',
        version,
        because: `the registry holds ${version}, with its first comparison`,
      };
    const because = `${version} stands in the registry, every file with its digest`;
    return { state: 'registered', version, because };
  });
}

/** Without a record, its registration is not in the audit log yet: also after a crash between the two. */
async function recordCandidate(modelsDir: string, { version, gate }: AnyManifest): Promise<void> {
  await changeState(modelsDir, (registry, stored) => {
    if (stored.records.some((record) => record.version === version)) return { result: undefined };
    const refused = `by force, against the gate: ${gate.because}`;
    const because = gate.state === 'passed' ? 'its run passed the gate' : refused;
    const entry = registeredEntry(version, new Date().toISOString(), because);
    return { result: undefined, change: { registry, entry } };
  });
}

/** One record a version. */
export async function readStages(modelsDir: string): Promise<StageRecord[]> {
  return (await readState(modelsDir)).records;
}

/** How one version stands; undefined for one that is not there. */
export async function readRecord(modelsDir: string, version: string): Promise<StageRecord | undefined> {
  return (await readStages(modelsDir)).find((record) => record.version === version);
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
    if (staged.state === 'refused') throw new StageRefused(staged.because, staged.decidedBy);
    if (staged.state === 'same') return { result: registry.records };
    const now = inProduction(registry.records)?.version;
    if (served) await refuseUnfit(modelsDir, change.version, now);
    const replaced = change.to === 'production' ? now : undefined;
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

/** What is damaged, or of another thing than what is in production. */
async function refuseUnfit(modelsDir: string, version: string, served: string | undefined): Promise<void> {
  const found = await inspect(modelsDir, version);
  if (found.state === 'damaged') throw new StageRefused(`${version}: ${found.because}`);
  const beside = served === undefined ? undefined : await readManifest(placeOf(modelsDir, served));
  if (beside?.state !== 'read') return;
  const [subject, servedSubject] = [subjectOf(found.artifact.manifest), subjectOf(beside.manifest)];
  if (subject === servedSubject) return;
  const because = `${version} is a model of ${subject}, and ${served}, which is in production, of ${servedSubject}`;
  throw new StageRefused(`${because}: another subject needs a registry of its own`);
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
