/**
 * What the audit log says about models: the same entries, in the same hash-chained log, as those of releases.
 *
 * in:  StageChange and where the version came from → out: AuditEntry
 *
 * Example: { actor: 'person:ada', action: 'model.promoted', subject: 'delay-risk 2001-01-31-92d3b4a0', because: 'better in June', … }
 */
import type { AuditEntry } from 'devops-demo/audit';
import type { ModelStage, StageChange } from './stages.js';

export const MODEL_ACTIONS = {
  registered: 'model.registered',
  /** Tried beside production, or back among the candidates. details: { from, to, share }. */
  staged: 'model.staged',
  promoted: 'model.promoted',
  rolledBack: 'model.rolled-back',
  archived: 'model.archived',
  signed: 'model.signed',
} as const;

type ModelAction = (typeof MODEL_ACTIONS)[keyof typeof MODEL_ACTIONS];

const ACTION_OF: Record<ModelStage, ModelAction> = {
  candidate: MODEL_ACTIONS.staged,
  shadow: MODEL_ACTIONS.staged,
  canary: MODEL_ACTIONS.staged,
  production: MODEL_ACTIONS.promoted,
  archived: MODEL_ACTIONS.archived,
};

/** @param replaced the version that was in production before, when that changes */
export function stageEntry(
  { version, to, share, by, because, at }: StageChange,
  from: ModelStage,
  replaced?: string,
  action: ModelAction = ACTION_OF[to],
): AuditEntry {
  const details = {
    from,
    to,
    ...(share === undefined ? {} : { share }),
    ...(replaced === undefined ? {} : { replaced }),
  };
  return { at, actor: by, action, subject: subjectOf(version), because, details };
}

export function registeredEntry(version: string, at: string, because: string): AuditEntry {
  const action = MODEL_ACTIONS.registered;
  return { at, actor: 'pipeline', action, subject: subjectOf(version), because, details: {} };
}

export function signedEntry(version: string, at: string, by: string, because: string): AuditEntry {
  return { at, actor: by, action: MODEL_ACTIONS.signed, subject: subjectOf(version), because, details: {} };
}

function subjectOf(version: string): string {
  return `delay-risk ${version}`;
}
