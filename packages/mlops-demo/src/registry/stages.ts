/**
 * Stages of a model's life: which version is a candidate, which is tried beside production, which serves, which has served.
 *
 * in:  RegistryState, StageChange → out: RegistryState with the change, or a refusal in words
 *
 *   candidate ⇄ shadow ⇄ canary → production → archived
 *
 * Rule: one version is in production, at most one other is tried (shadow or canary). A version enters production by promotion or
 * rollback, and leaves it only when another one enters. A discarded challenger is archived; an archived one may become a candidate again.
 * What a person has taken out of production, or has archived, comes back by a person's word only: no run and no retraining undoes it.
 * Rollback goes back to the version that was in production before, not to the newest archived one: that may be a discarded challenger.
 *
 * When it misleads: a stage is what a version is for. How many requests it really answers is what the server's metrics say.
 *
 * Source: the stages of the MLflow model registry (https://mlflow.org/docs/latest/ml/model-registry/), with `staging` told apart into
 * shadow (answers are compared, not given) and canary (a share of the answers is given).
 */
import { z } from 'zod';
import { decidedSchema } from './decided.js';
import type { Decided, Grounds } from './decided.js';

export const MODEL_STAGES = ['candidate', 'shadow', 'canary', 'production', 'archived'] as const;
export type ModelStage = (typeof MODEL_STAGES)[number];

const stageRecordSchema = z.object({
  version: z.string().min(1),
  stage: z.enum(MODEL_STAGES),
  /** Canary only: share of requests, above 0, at most 1. */
  share: z.number().gt(0).lte(1).optional(),
  /** ISO 8601: since when it is in this stage. */
  since: z.string(),
  /** `person:NAME`, `pipeline`, `retrain`. */
  by: z.string().min(1),
  because: z.string().min(1),
  /** By the newest run that has promoted it. */
  decided: decidedSchema.optional(),
});

/** Where one version stands, since when, and who said so. */
export interface StageRecord {
  version: string;
  stage: ModelStage;
  share?: number;
  since: string;
  by: string;
  because: string;
  decided?: Decided;
}

/** What registry.json holds. */
export const registryStateSchema = z.object({
  records: z.array(stageRecordSchema),
  /** Versions that were in production before the present one, oldest first: where a rollback goes. */
  before: z.array(z.string()),
});
export interface RegistryState {
  records: StageRecord[];
  before: string[];
}

/** A wish. */
export interface StageChange {
  version: string;
  to: ModelStage;
  share?: number;
  by: string;
  because: string;
  /** ISO 8601. */
  at: string;
  /** What is in production as far as the asker knows; null: nothing. Refused when that has changed. */
  replaces?: string | null;
  /** What a run has found, that asks for a promotion. */
  decided?: Grounds;
}

/** What became of it. `same`: the version stands there already. */
export type Staged =
  | { state: 'changed'; from: ModelStage; registry: RegistryState }
  | { state: 'same'; registry: RegistryState }
  | { state: 'refused'; because: string; decidedBy?: string };

const NEXT: Record<ModelStage, readonly ModelStage[]> = {
  candidate: ['shadow', 'canary', 'production', 'archived'],
  shadow: ['candidate', 'canary', 'production', 'archived'],
  canary: ['candidate', 'shadow', 'canary', 'production', 'archived'],
  production: [],
  archived: ['candidate', 'production'],
};

/** Hands that decide by rules. Whoever else moves a version is somebody, and knows why. */
const AUTOMATIC: readonly string[] = ['pipeline', 'retrain'];

/** Who has taken the version out of production or the trial, and why; undefined where nobody has, or only a better one did. */
export function takenOut({ stage, by, because }: StageRecord): string | undefined {
  return stage === 'archived' && !AUTOMATIC.includes(by) ? `${by} took it out: ${because}` : undefined;
}

/** Moves a version to another stage. */
export function changeStage(registry: RegistryState, change: StageChange): Staged {
  const { version, to, share, replaces } = change;
  const now = registry.records.find((record) => record.version === version);
  if (now === undefined)
    return refused(`the registry has no version '${version}'; npx mlops list shows them`);
  const wrongShare = troubleWithShare(to, share);
  if (wrongShare !== undefined) return refused(wrongShare);
  if (now.stage === to && now.share === share) return { state: 'same', registry };
  if (now.stage === 'production')
    return refused(`${version} is in production: promote another version, or roll back`);
  if (!NEXT[now.stage].includes(to))
    return refused(
      `${version} is ${now.stage}: from there it may become ${NEXT[now.stage].join(' or ')}, not ${to}`,
    );
  const out = AUTOMATIC.includes(change.by) && to === 'production' ? takenOut(now) : undefined;
  if (out !== undefined)
    return { ...refused(`${version} stays out of production: ${out}`), decidedBy: now.by };
  const served = inProduction(registry.records);
  if (replaces !== undefined && served !== undefined && served.version !== replaces) {
    const because = `${served.version} has come into production meanwhile: ${version} was not compared with it`;
    return { ...refused(because), decidedBy: served.by };
  }
  const other = challenger(registry.records.filter((record) => record.version !== version));
  if ((to === 'shadow' || to === 'canary') && other !== undefined)
    return refused(`${other.version} is tried already (${other.stage}): one challenger at a time`);
  return { state: 'changed', from: now.stage, registry: moved(registry, change) };
}

/** Back to the version in production before, or further back when that one is not `usable`. */
export function rollBack(
  registry: RegistryState,
  { by, because, at: when }: Omit<StageChange, 'version' | 'to' | 'share'>,
  usable: (version: string) => boolean = () => true,
): (Staged & { state: 'changed' } & { version: string }) | { state: 'refused'; because: string } {
  const current = inProduction(registry.records)?.version;
  if (current === undefined) return refused('no version is in production: there is nothing to roll back');
  const at = registry.before.findLastIndex((version) => version !== current && usable(version));
  const version = registry.before[at];
  if (version === undefined) return refused(`no usable version was in production before ${current}`);
  const from = registry.records.find((record) => record.version === version)?.stage ?? 'archived';
  const { records } = moved(registry, { by, because, at: when, version, to: 'production' });
  // The version one comes from is not pushed: the next rollback goes further back, not forth again.
  return { state: 'changed', from, version, registry: { records, before: registry.before.slice(0, at) } };
}

/** The one in shadow or canary. */
export function challenger(records: readonly StageRecord[]): StageRecord | undefined {
  return records.find(({ stage }) => stage === 'shadow' || stage === 'canary');
}

export function inProduction(records: readonly StageRecord[]): StageRecord | undefined {
  return records.find(({ stage }) => stage === 'production');
}

function moved(
  registry: RegistryState,
  { version, to, share, at, by, because, decided }: StageChange,
): RegistryState {
  const before = to === 'production' ? inProduction(registry.records) : undefined;
  const records = registry.records.map((record): StageRecord => {
    if (record.version !== version && record.version !== before?.version) return record;
    const known = record.decided && { decided: record.decided };
    if (record.version !== version) {
      const replaced = `${version} took its place: ${because}`;
      return { version: record.version, stage: 'archived', since: at, by, because: replaced, ...known };
    }
    const newest = decided === undefined ? known : { decided: { ...decided, at, by } };
    const shared = share === undefined ? {} : { share };
    return { version, stage: to, ...shared, since: at, by, because, ...newest };
  });
  return { records, before: before === undefined ? registry.before : [...registry.before, before.version] };
}

function troubleWithShare(to: ModelStage, share: number | undefined): string | undefined {
  if (to !== 'canary')
    return share === undefined ? undefined : `a share belongs to a canary, not to stage ${to}`;
  if (share !== undefined && share > 0 && share <= 1) return undefined;
  return `a canary needs a share of the requests above 0 and at most 1, got ${share ?? 'none'}`;
}

function refused(because: string): { state: 'refused'; because: string } {
  return { state: 'refused', because };
}
