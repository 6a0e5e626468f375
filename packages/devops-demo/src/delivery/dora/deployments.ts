/**
 * Deployments: reads the audit log as a history of what was brought before users.
 *
 * in: AuditEntry[] in the order of the log → out: Deployment[] in the order of their end
 *
 * Rule: a release is a deployment when it ended by taking all traffic (promoted) or by failing under traffic (rolled back). One that was
 * stopped without a failure, refused, or is still under way is none yet. A deployment failed when it was rolled back, or when it was
 * promoted and found to hurt users later (release.failed); it is recovered when it was rolled back, or restored, or when a hotfix that
 * names it in `details.fixes` was promoted. What the start of the containers brings (deployment.ts) is told in the same words, and counts the same.
 * When it misleads: a failure that nobody and nothing wrote into the log did not happen here.
 *
 *   deploymentsOf([started, shifted, rolledBack])
 *   // [{ subject: 'flights-api 0.2.0', outcome: 'rolled-back', failedAt: '…shifted', recoveredAt: '…rolled back', … }]
 */
import { z } from 'zod';
import type { AuditEntry } from '../audit.js';
import { ACTIONS } from '../audit/actions.js';

const change = z.object({ commit: z.string(), committedAt: z.iso.datetime({ offset: true }) });

/** What `release.started` may carry in its details. */
export const releaseDetails = z.object({
  /** The changes that this release brings and that no promoted release brought before. */
  changes: z.array(change).default([]),
  /** Subjects of the failed releases that this one mends. */
  fixes: z.array(z.string()).default([]),
});

export type Change = z.infer<typeof change>;

export interface Deployment {
  subject: string;
  startedAt: string;
  /** When it was promoted or rolled back. */
  endedAt: string;
  outcome: 'promoted' | 'rolled-back';
  changes: readonly Change[];
  fixes: readonly string[];
  /** Since when users were hurt; undefined when they never were. */
  failedAt: string | undefined;
  /** Undefined while users still are. */
  recoveredAt: string | undefined;
  because: string;
}

/** A release that has begun and not ended. */
interface UnderWay {
  startedAt: string;
  trafficSince: string | undefined;
  changes: readonly Change[];
  fixes: readonly string[];
}

export function deploymentsOf(entries: readonly AuditEntry[]): Deployment[] {
  const underWay = new Map<string, UnderWay>();
  const deployments: Deployment[] = [];
  const ended = new Set<unknown>();
  for (const entry of entries) {
    const { subject, at } = entry;
    const begun = underWay.get(subject);
    if (entry.action === ACTIONS.started) underWay.set(subject, begin(entry));
    if (entry.action === ACTIONS.shifted && begun !== undefined) begun.trafficSince ??= at;
    if (entry.action === ACTIONS.stopped) underWay.delete(subject);
    if (entry.action === ACTIONS.promoted || entry.action === ACTIONS.rolledBack) {
      if (!isToldAgain(entry, ended)) deployments.push(end(entry, begun));
      underWay.delete(subject);
    }
    markFailures(deployments, entry, underWayFixes(entry, begun));
  }
  return deployments;
}

/** A controller that is killed between the log and its own state tells the end twice. `details.release` names the release. */
function isToldAgain({ details: { release } }: AuditEntry, ended: Set<unknown>): boolean {
  if (release === undefined) return false;
  const again = ended.has(release);
  ended.add(release);
  return again;
}

function begin({ at, details }: AuditEntry): UnderWay {
  const { changes, fixes } = readDetails(details);
  return { startedAt: at, trafficSince: undefined, changes, fixes };
}

function end({ action, subject, at, because, details }: AuditEntry, begun: UnderWay | undefined): Deployment {
  const { changes, fixes } = begun ?? readDetails(details);
  const startedAt = begun?.startedAt ?? at;
  const deployment = { subject, startedAt, endedAt: at, changes, fixes, because };
  if (action === ACTIONS.promoted)
    return { ...deployment, outcome: 'promoted', failedAt: undefined, recoveredAt: undefined };
  // Users were hurt at the earliest when the first of them were sent to it.
  const failedAt = begun?.trafficSince ?? startedAt;
  return { ...deployment, outcome: 'rolled-back', failedAt, recoveredAt: at };
}

/** What an entry says about deployments that had ended before. */
function markFailures(deployments: Deployment[], entry: AuditEntry, fixes: readonly string[]): void {
  const { action, subject, at } = entry;
  if (action === ACTIONS.failed) {
    const last = deployments.findLast((one) => one.subject === subject && one.outcome === 'promoted');
    if (last !== undefined) last.failedAt ??= at;
  }
  for (const deployment of deployments) {
    if (deployment.failedAt === undefined || deployment.recoveredAt !== undefined) continue;
    const restored = action === ACTIONS.restored && subject === deployment.subject;
    const mended = action === ACTIONS.promoted && fixes.includes(deployment.subject);
    if (restored || mended) deployment.recoveredAt = at;
  }
}

function underWayFixes({ details }: AuditEntry, begun: UnderWay | undefined): readonly string[] {
  return begun?.fixes ?? readDetails(details).fixes;
}

function readDetails(details: AuditEntry['details']): z.infer<typeof releaseDetails> {
  return releaseDetails.safeParse(details).data ?? { changes: [], fixes: [] };
}
