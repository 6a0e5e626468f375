/**
 * Deployments: reads the audit log as a history of what was brought before users.
 *
 * in: AuditEntry[] in the order of the log → out: Deployment[] in the order of their end
 *
 * Rule: a release is a deployment when it ended by taking all traffic (promoted) or by failing under traffic (rolled back). One that was
 * stopped without a failure, refused, taken back before it had any traffic, or is still under way is none: no user met it. A deployment failed
 * when it was rolled back, or was promoted and found to hurt users later (release.failed), and that as often as it is said again after a
 * recovery; it is recovered when it was rolled back, or restored (release.restored). What the start of the containers brings
 * (deployment.ts) is told in the same words, and counts the same.
 * When it misleads: a failure that nobody and nothing wrote into the log did not happen here. A hotfix ends a failure when somebody says so.
 *
 *   deploymentsOf([started, shifted, rolledBack])
 *   // [{ subject: 'flights-api 0.2.0', outcome: 'rolled-back', failures: [{ failedAt: '…shifted', recoveredAt: '…rolled back' }], … }]
 */
import { z } from 'zod';
import type { AuditEntry } from '../audit.js';
import { ACTIONS } from '../audit/actions.js';

const change = z.object({ commit: z.string(), committedAt: z.iso.datetime({ offset: true }) });

/** What `release.started` may carry in its details. */
export const releaseDetails = z.object({
  /** The changes that this release brings and that no promoted release brought before. */
  changes: z.array(change).default([]),
});

export type Change = z.infer<typeof change>;

export interface Failure {
  /** Since when users were hurt. */
  failedAt: string;
  /** Undefined while users still are. */
  recoveredAt: string | undefined;
}

export interface Deployment {
  subject: string;
  startedAt: string;
  /** When it was promoted or rolled back. */
  endedAt: string;
  outcome: 'promoted' | 'rolled-back';
  changes: readonly Change[];
  /** In their order; empty when users were never hurt. */
  failures: readonly Failure[];
  /** Of the last failure. */
  failedAt: string | undefined;
  recoveredAt: string | undefined;
  because: string;
}

type Ended = Omit<Deployment, 'failures' | 'failedAt' | 'recoveredAt'> & { failures: Failure[] };

/** A release that has begun and not ended. */
interface UnderWay {
  startedAt: string;
  trafficSince: string | undefined;
  changes: readonly Change[];
}

export function deploymentsOf(entries: readonly AuditEntry[]): Deployment[] {
  const underWay = new Map<string, UnderWay>();
  const deployments: Ended[] = [];
  const ended = new Set<unknown>();
  for (const entry of entries) {
    const { subject, at } = entry;
    const begun = underWay.get(subject);
    if (entry.action === ACTIONS.started) underWay.set(subject, begin(entry));
    if (entry.action === ACTIONS.shifted && begun !== undefined) begun.trafficSince ??= at;
    if (entry.action === ACTIONS.stopped) underWay.delete(subject);
    if (entry.action === ACTIONS.promoted || entry.action === ACTIONS.rolledBack) {
      if (!isToldAgain(entry, ended)) deployments.push(...end(entry, begun));
      underWay.delete(subject);
    }
    markFailures(deployments, entry);
  }
  return deployments.map((deployment) => {
    const { failedAt, recoveredAt } = deployment.failures.at(-1) ?? {};
    return { ...deployment, failedAt, recoveredAt };
  });
}

/** A controller that is killed between the log and its own state tells the end twice. `details.release` names the release. */
function isToldAgain({ details: { release } }: AuditEntry, ended: Set<unknown>): boolean {
  if (release === undefined) return false;
  const again = ended.has(release);
  ended.add(release);
  return again;
}

function begin({ at, details }: AuditEntry): UnderWay {
  return { startedAt: at, trafficSince: undefined, changes: readChanges(details) };
}

/** @returns nothing when it failed and no user met it */
function end(entry: AuditEntry, begun: UnderWay | undefined): Ended[] {
  const { action, subject, at, because, details } = entry;
  const changes = begun?.changes ?? readChanges(details);
  const deployment = { subject, startedAt: begun?.startedAt ?? at, endedAt: at, changes, because };
  if (action === ACTIONS.promoted) return [{ ...deployment, outcome: 'promoted', failures: [] }];
  if (begun?.trafficSince === undefined) return [];
  // Users were hurt at the earliest when the first of them were sent to it.
  const failures = [{ failedAt: begun.trafficSince, recoveredAt: at }];
  return [{ ...deployment, outcome: 'rolled-back', failures }];
}

/** What an entry says about a deployment that had ended before. Told again while it is open, a failure is the same one. */
function markFailures(deployments: readonly Ended[], { action, subject, at }: AuditEntry): void {
  if (action !== ACTIONS.failed && action !== ACTIONS.restored) return;
  const last = deployments.findLast((one) => one.subject === subject && one.outcome === 'promoted');
  const open = last?.failures.find(({ recoveredAt }) => recoveredAt === undefined);
  if (action === ACTIONS.restored && open !== undefined) open.recoveredAt = at;
  if (action === ACTIONS.failed && open === undefined)
    last?.failures.push({ failedAt: at, recoveredAt: undefined });
}

function readChanges(details: AuditEntry['details']): readonly Change[] {
  return releaseDetails.safeParse(details).data?.changes ?? [];
}
