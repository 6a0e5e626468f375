/**
 * Audited: a release as entries of the audit log.
 *
 * in: Release before and after a change → out: AuditEntry[], what is new
 *
 * Rule: one entry when it begins, for each shift of traffic, each judged window and the end; the states between them explain nothing more. It is
 * a person who begins a release, and the pipeline that does the rest.
 */
import type { AuditEntry } from '../audit.js';
import { ACTIONS } from '../audit/actions.js';
import type { Change } from '../dora/deployments.js';
import type { FinalPhase, Judged, Release } from '../release.js';
import { isFinal } from '../release.js';
import { candidateWeight } from '../shift-traffic.js';

export interface Begun {
  /** Who began it: `person:ada`. */
  actor: string;
  changes: readonly Change[];
}

const END_ACTIONS: Record<FinalPhase, string> = {
  refused: ACTIONS.refused,
  promoted: ACTIONS.promoted,
  'rolled-back': ACTIONS.rolledBack,
  stopped: ACTIONS.stopped,
};

/** The subject of a release's entries. */
export function subjectOf({ candidate }: Pick<Release, 'candidate'>): string {
  return `flights-api ${candidate.version}`;
}

export function auditEntriesOf(before: Release | undefined, after: Release, begun: Begun): AuditEntry[] {
  const known = before?.id === after.id ? before : undefined;
  const { phase, because } = after;
  const entry = entryOf(after);
  const entries = after.judged.slice(known?.judged.length ?? 0).map((judged) => judgedEntry(entry, judged));
  if (known === undefined) entries.unshift(startedEntry(entry, after, begun));
  if (known?.phase === phase) return entries;
  if (phase === 'shifting' || phase === 'promoting') {
    const weight = candidateWeight(after);
    entries.push(entry(ACTIONS.shifted, `it gets ${weight} % of the requests`, { weight }));
  }
  if (isFinal(phase)) entries.push(entry(END_ACTIONS[phase], because));
  return entries;
}

type MakeEntry = (action: string, because: string, details?: Record<string, unknown>) => AuditEntry;

function entryOf(release: Release): MakeEntry {
  return (action, because, details = {}) => ({
    at: release.updatedAt,
    actor: 'pipeline',
    action,
    subject: subjectOf(release),
    because,
    details: { release: release.id, ...details },
  });
}

function startedEntry(entry: MakeEntry, release: Release, { actor, changes }: Begun): AuditEntry {
  const { candidate, primary } = release;
  const because = `${candidate.version} of commit ${candidate.commit.slice(0, 12)} after ${primary.version}`;
  const { commit, digest } = candidate;
  return { ...entry(ACTIONS.started, because, { commit, digest, changes }), actor };
}

function judgedEntry(entry: MakeEntry, { at, weight, verdict, window }: Judged): AuditEntry {
  return { ...entry(ACTIONS.judged, `${verdict.kind}: ${verdict.because}`, { weight, verdict, window }), at };
}
