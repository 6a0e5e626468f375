/** A release's records: whether it may begin, each thing that happens to it in the audit log, a post-mortem when it was rolled back. */
import { messageOf } from 'service-chassis/reason-of';
import type { AuditEntry } from '../../audit.js';
import { ACTIONS } from '../../audit/actions.js';
import { openAuditLog } from '../../audit/store.js';
import { changesSince } from '../../changes-since/store.js';
import { mayRelease } from '../../may-release.js';
import type { Overrides, Permission } from '../../may-release.js';
import { readGrounds } from '../../may-release/store.js';
import { writePostmortem } from '../../postmortem/store.js';
import type { Release, Version } from '../../release.js';
import { auditEntriesOf, subjectOf } from '../audited.js';
import { userName } from '../../user-name/store.js';
import { aiopsAddress, tellAiops } from './aiops-client.js';

export interface ReleaseRecords {
  /** Logs what was overridden, or why it was refused. */
  permit(candidate: Version, reasons: Overrides): Promise<Permission>;
  /** Logs what is new. @returns what a person should be told of it. */
  record(before: Release | undefined, after: Release): Promise<string[]>;
}

export function openReleaseRecords(
  stateDir: string,
  packageDir: string,
  aiops = aiopsAddress(process.env),
  /** Who begins it. */
  actor = `person:${userName()}`,
): ReleaseRecords {
  const log = openAuditLog(stateDir);

  return {
    async permit(candidate, reasons) {
      const verdict = await log.verify();
      if (verdict.kind === 'broken')
        return { kind: 'refused', because: `the audit log is broken: ${verdict.because}`, missing: [] };
      const now = new Date();
      const permission = mayRelease(readGrounds(stateDir, candidate.commit, now), reasons);
      const about = { at: now.toISOString(), actor, subject: subjectOf({ candidate }) };
      const { commit } = candidate;
      const acts: Pick<AuditEntry, 'action' | 'because' | 'details'>[] =
        permission.kind === 'granted'
          ? [...permission.overrides]
          : [{ action: ACTIONS.refused, because: permission.because, details: { commit } }];
      for (const act of acts) await log.append({ ...about, ...act });
      return permission;
    },
    async record(before, after) {
      const begins = before?.id !== after.id;
      const changes = begins ? changesSince(after.primary.commit, after.candidate.commit, packageDir) : [];
      try {
        const lines: string[] = [];
        for (const entry of auditEntriesOf(before, after, { actor, changes })) {
          await log.append(entry);
          const untold = aiops === undefined ? undefined : await tellAiops(aiops, entry);
          if (untold !== undefined) lines.push(`not told: ${untold}`);
        }
        if (after.phase !== 'rolled-back' || before?.phase === 'rolled-back') return lines;
        const path = await writePostmortem(stateDir, subjectOf(after));
        return path === undefined ? lines : [...lines, `post-mortem: ${path}`];
      } catch (error) {
        // A bad version must go back even when that cannot be written down.
        return [`not recorded: ${messageOf(error)}`];
      }
    },
  };
}
