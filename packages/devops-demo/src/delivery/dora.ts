/**
 * DORA: how fast and how safely is software delivered here?
 *
 * in: AuditEntry[] (the audit log), a window → out: Dora, four measures and the deployments that make them up
 *
 * Definitions (DORA's software delivery performance metrics, https://dora.dev/guides/dora-metrics/, as of 2025):
 *   - change lead time: "the amount of time it takes for a change to go from committed to version control to deployed in production".
 *     Here: commit to promotion, for each change of a promoted release; the median.
 *   - deployment frequency: "the number of deployments over a given period or the time between deployments".
 *     Here: deployments that ended in the window, per day of the window, and the median time between two ends.
 *   - change fail rate: "the ratio of deployments that require immediate intervention following a deployment", likely a rollback or a
 *     hotfix. Here: failed deployments / deployments; deployments.ts says which failed.
 *   - failed deployment recovery time (before 2023: time to restore service): "the time it takes to recover from a deployment that fails
 *     and requires immediate intervention". Here: from the first traffic that the failed version took, or from when a promoted one was
 *     found to fail, until users are served well again; the median over the failures that ended, and how many did not.
 * The fifth measure of 2025, deployment rework rate, is left out: it needs incidents that no release caused.
 *
 * When it misleads: on one machine with one person these numbers describe the pipeline, not an organisation. A median of three
 * deployments is three deployments. A window shorter than a day counts as a day, or a minute's two deployments would be 2880 a day.
 *
 *   dora([], window).changeFailRate // null: without a deployment there is no rate, and 0 would be praise
 */
import type { AuditEntry } from './audit.js';
import { deploymentsOf } from './dora/deployments.js';
import type { Deployment } from './dora/deployments.js';
import { median } from './median.js';

export interface DoraWindow {
  /** ISO 8601. */
  from: string;
  to: string;
}

export interface Dora {
  window: DoraWindow;
  deploymentsPerDay: number;
  secondsBetweenDeployments: number | null;
  leadTimeSeconds: number | null;
  changeFailRate: number | null;
  recoverySeconds: number | null;
  /** Failures that ended, on which the median rests: a deployment may fail again. */
  recovered: number;
  /** Failed and not recovered yet. */
  stillFailing: number;
  deployments: readonly Deployment[];
}

const DAY_SECONDS = 86_400;
/** How far back the measures look when nobody says otherwise. */
const WINDOW_DAYS = 30;

export function dora(entries: readonly AuditEntry[], window: DoraWindow): Dora {
  const deployments = deploymentsOf(entries).filter(({ endedAt }) => isInside(endedAt, window));
  const ends = deployments.map(({ endedAt }) => endedAt);
  const failed = deployments.filter(({ failures }) => failures.length > 0);
  const failures = failed.flatMap(({ failures }) => failures);
  const recoveries = failures.flatMap(({ failedAt, recoveredAt }) =>
    recoveredAt === undefined ? [] : [secondsBetween(failedAt, recoveredAt)],
  );
  return {
    window,
    deploymentsPerDay: deployments.length / daysOf(window),
    secondsBetweenDeployments: median(ends.slice(1).map((end, n) => secondsBetween(ends[n] ?? end, end))),
    leadTimeSeconds: median(deployments.flatMap(leadTimes)),
    changeFailRate: deployments.length === 0 ? null : failed.length / deployments.length,
    recoverySeconds: median(recoveries),
    recovered: recoveries.length,
    stillFailing: failures.length - recoveries.length,
    deployments,
  };
}

/** The last thirty days, or since the first entry when the log is younger. */
export function doraWindow(entries: readonly AuditEntry[], now: Date): DoraWindow {
  const earliest = new Date(now.getTime() - WINDOW_DAYS * DAY_SECONDS * 1_000).toISOString();
  const first = new Date(entries[0]?.at ?? now).toISOString();
  return { from: first > earliest ? first : earliest, to: now.toISOString() };
}

/** A change that was rolled back has not arrived: its time runs until a later release brings it. */
function leadTimes({ outcome, changes, endedAt }: Deployment): number[] {
  if (outcome !== 'promoted') return [];
  return changes.map(({ committedAt }) => secondsBetween(committedAt, endedAt));
}

function isInside(at: string, { from, to }: DoraWindow): boolean {
  return Date.parse(from) <= Date.parse(at) && Date.parse(at) <= Date.parse(to);
}

function daysOf({ from, to }: DoraWindow): number {
  return Math.max(1, secondsBetween(from, to) / DAY_SECONDS);
}

function secondsBetween(from: string, to: string): number {
  return (Date.parse(to) - Date.parse(from)) / 1_000;
}
