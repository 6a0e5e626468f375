/**
 * The registry's state on disk: `registry.json` (stages), the alias `production`, and the audit log.
 *
 * Rule: a change is three writes. The first one, registry.json, decides, for readers too; it also holds the audit entries that are still to be
 * written. A crash after it is made good by the next change and by the next start of a server, which first move the alias and write what
 * is owed. So no change is lost or unrecorded; an entry may stand in the log twice.
 *
 * An alias that somebody moved by hand counts: the version it names is in production. Versions without a record (from before there were
 * stages) are candidates.
 */
import { existsSync } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { auditEntrySchema, openAuditLog } from 'devops-demo/audit';
import type { AuditEntry } from 'devops-demo/audit';
import { z } from 'zod';
import { withLock } from 'service-chassis/lock-file';
import { reasonOf } from 'service-chassis/reason-of';
import { readManifest } from '../artifact/store.js';
import { replaceDurably, sweepFolder } from '../durable/store.js';
import { changeStage, inProduction, registryStateSchema } from '../stages.js';
import type { RegistryState, StageRecord } from '../stages.js';

/** The alias that the server follows. */
export const PRODUCTION = 'production';

const fileSchema = registryStateSchema.extend({ unrecorded: z.array(auditEntrySchema) });

/** The state as it is stored: with the audit entries that are owed. */
export interface StoredState extends RegistryState {
  unrecorded: AuditEntry[];
}

/** What came of a decision: a result, and what to change if anything. */
export interface Decided<Result> {
  result: Result;
  change?: { registry: RegistryState; entry: AuditEntry };
}

/** The log that `devops audit verify` reads: the one all share (TRIOPS_STATE_DIR), else one beside the models. */
export function auditDirOf(modelsDir: string, env: Readonly<Record<string, string | undefined>>): string {
  return env['TRIOPS_STATE_DIR'] || modelsDir;
}

/** What is in production: registry.json says it while a change is not carried out to its end, else the alias, or undefined. */
export async function readProduction(modelsDir: string): Promise<string | undefined> {
  const { records, unrecorded } = await readStored(modelsDir);
  const decided = unrecorded.length > 0 ? inProduction(records)?.version : undefined;
  return decided ?? readAlias(modelsDir);
}

/** Finishes what a process that was killed has begun. For starts; a change does it by itself. */
export async function recoverRegistry(modelsDir: string): Promise<void> {
  if ((await readStored(modelsDir)).unrecorded.length === 0) return;
  await changeState(modelsDir, () => ({ result: undefined }));
}

/** The version that the alias names, or undefined while it names none. */
async function readAlias(modelsDir: string): Promise<string | undefined> {
  const alias = join(modelsDir, PRODUCTION);
  return existsSync(alias) ? (await readFile(alias, 'utf8')).trim() : undefined;
}

/** Points the alias at a version, in one step: a reader sees the old name or the new one. */
async function writeAlias(modelsDir: string, version: string): Promise<void> {
  await replaceDurably(join(modelsDir, PRODUCTION), `${version}\n`);
}

/** What registry.json holds; an empty state when there is none yet. */
export async function readStored(modelsDir: string): Promise<StoredState> {
  const path = join(modelsDir, 'registry.json');
  if (!existsSync(path)) return { records: [], before: [], unrecorded: [] };
  const text = await readFile(path, 'utf8');
  try {
    return fileSchema.parse(JSON.parse(text)) as StoredState;
  } catch (error) {
    const remedy =
      'restore it from a copy, or move it away: then all versions are candidates but the one that the alias `production` names';
    throw new Error(`${path} is damaged (${reasonOf(error)}): ${remedy}`, { cause: error });
  }
}

/** The state as it counts: the file, the versions that are there, and the alias when somebody moved it. */
export async function readState(modelsDir: string): Promise<RegistryState> {
  return view(modelsDir, await readStored(modelsDir));
}

/** Read, decide, write, while nobody else does. */
export async function changeState<Result>(
  modelsDir: string,
  decide: (registry: RegistryState, stored: StoredState) => Decided<Result> | Promise<Decided<Result>>,
): Promise<Result> {
  return withLock(join(modelsDir, '.registry.lock'), async () => {
    for (const folder of [modelsDir, join(modelsDir, 'versions')]) sweepFolder(folder);
    const stored = await settle(modelsDir, await readStored(modelsDir));
    const { result, change } = await decide(await view(modelsDir, stored), stored);
    if (change !== undefined) {
      const changed = { ...change.registry, unrecorded: [...stored.unrecorded, change.entry] };
      await writeStored(modelsDir, changed);
      await settle(modelsDir, changed);
    }
    return result;
  });
}

/** Makes good what a crash left undone. A bad model must go back even when that cannot be written down: such entries stay owed. */
async function settle(modelsDir: string, stored: StoredState): Promise<StoredState> {
  if (stored.unrecorded.length === 0) return stored;
  const served = inProduction(stored.records)?.version;
  if (served !== undefined && served !== (await readAlias(modelsDir))) await writeAlias(modelsDir, served);
  const log = openAuditLog(auditDirOf(modelsDir, process.env));
  const unrecorded = [...stored.unrecorded];
  try {
    for (const entry of stored.unrecorded) {
      await log.append(entry);
      unrecorded.shift();
    }
  } catch {
    // `mlops list` says how many entries are owed.
  }
  const settled = { ...stored, unrecorded };
  await writeStored(modelsDir, settled);
  return settled;
}

async function writeStored(modelsDir: string, stored: StoredState): Promise<void> {
  await replaceDurably(join(modelsDir, 'registry.json'), `${JSON.stringify(stored, null, 2)}\n`);
}

async function view(modelsDir: string, stored: StoredState): Promise<RegistryState> {
  const records: StageRecord[] = [];
  for (const version of await versionsIn(modelsDir)) {
    const known = stored.records.find((record) => record.version === version);
    const record = known ?? (await unstaged(modelsDir, version));
    if (record !== undefined) records.push(record);
  }
  const registry = { records, before: stored.before };
  if (stored.unrecorded.length > 0) return registry;
  const alias = await readAlias(modelsDir);
  if (alias === undefined || inProduction(records)?.version === alias) return registry;
  const because = 'the alias `production` names it';
  const at = (await stat(join(modelsDir, PRODUCTION))).mtime.toISOString();
  const moved = changeStage(registry, { version: alias, to: 'production', by: 'unknown', because, at });
  return moved.state === 'changed' ? moved.registry : registry;
}

async function unstaged(modelsDir: string, version: string): Promise<StageRecord | undefined> {
  const read = await readManifest(join(modelsDir, 'versions', version));
  if (read.state === 'damaged') return undefined;
  const { createdAt } = read.manifest;
  return { version, stage: 'candidate', since: createdAt, by: 'pipeline', because: 'registered' };
}

/** The names of the versions' folders. */
export async function versionsIn(modelsDir: string): Promise<string[]> {
  const folder = join(modelsDir, 'versions');
  if (!existsSync(folder)) return [];
  return (await readdir(folder)).filter((name) => !name.startsWith('.')).sort();
}
