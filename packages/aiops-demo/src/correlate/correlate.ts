/**
 * Correlate: many anomalies of one trouble become one incident.
 *
 * in: Detected, alerts from elsewhere → out: Correlated (all incidents, and what changed)
 *
 * Rule: a confirmed symptom opens an incident, or a critical alert from elsewhere (place-alerts.ts); nothing else does. Any anomaly of a service connected to it in the call
 * graph, no older than a minute before it, joins; so do new WARN and ERROR log lines. It closes when no symptom was
 * seen for 12 s. A symptom within a minute after that reopens it, so one trouble that flaps stays one incident.
 * When it misleads: two troubles at once in connected services become one incident. Supporting signals (memory that is not
 * given back) do not hold an incident open.
 * Source: time and topology as correlation keys, as in Prometheus Alertmanager's grouping and inhibition,
 * https://prometheus.io/docs/alerting/latest/alertmanager/.
 *
 *   correlate(detected, now, memory, topology) // { incidents: [one, open], changes: [{ kind: 'opened', … }] }
 */
import type { Anomaly, Detection } from '../detect/anomaly.js';
import type { Detected } from '../detect/detect.js';
import { areConnected } from '../topology.js';
import type { CallGraph } from '../topology.js';
import {
  openIncident,
  reopenIncident,
  withAnomaly,
  withEntry,
  withNovelty,
  withRecovery,
} from './incident.js';
import type { Incident } from './incident.js';
import type { Alert } from './alert.js';
import { MOST_INCIDENTS_KEPT, REOPEN_MS } from './correlate-memory.js';
import type { CorrelateMemory, IncidentChange } from './correlate-memory.js';
import { holdsOpen, placeAlerts } from './place-alerts.js';

/** Long enough that the 15 s window of rates has moved on from the last burst, short enough for a demo. */
const QUIET_MS = 12_000;
const TOGETHER_MS = 60_000;

export interface Correlated {
  readonly incidents: readonly Incident[];
  readonly changes: readonly IncidentChange[];
  /** Ids of all incidents that are not as they were: what a store must write. */
  readonly touched: ReadonlySet<string>;
}

export function correlate(
  detected: Detected,
  now: number,
  memory: CorrelateMemory,
  graph: CallGraph,
  alerts: readonly Alert[] = [],
): Correlated {
  const changes: IncidentChange[] = [];
  const before = new Map(memory.incidents);
  memory.novelties = [...memory.novelties, ...detected.novelties].filter(({ at }) => now - at < TOGETHER_MS);
  const anomalies = detected.detections.flatMap(({ anomaly }) => anomaly ?? []);
  const symptomsFirst = [...anomalies].sort((a, b) => Number(opens(b)) - Number(opens(a)));
  for (const anomaly of symptomsFirst) place(anomaly, now, memory, graph, changes);
  placeAlerts(alerts, now, memory, graph, changes);
  for (const incident of memory.incidents.values()) {
    if (incident.state === 'open') follow(incident, detected.detections, now, memory, graph, changes);
  }
  forgetOldest(memory);
  const incidents = [...memory.incidents.values()];
  const touched = incidents.filter((incident) => before.get(incident.id) !== incident).map(({ id }) => id);
  return { incidents, changes, touched: new Set(touched) };
}

function opens(anomaly: Anomaly): boolean {
  return anomaly.kind === 'symptom' && anomaly.confirmed;
}

function place(
  anomaly: Anomaly,
  now: number,
  memory: CorrelateMemory,
  graph: CallGraph,
  changes: IncidentChange[],
): void {
  const candidates = [...memory.incidents.values()].reverse();
  const open = candidates.find((incident) => incident.state === 'open' && belongs(anomaly, incident, graph));
  if (open !== undefined) {
    memory.incidents.set(open.id, withAnomaly(open, anomaly, now));
    return;
  }
  if (!opens(anomaly)) return;
  const recent = candidates.find(
    ({ closedAt, signals }) =>
      closedAt !== null && now - closedAt <= REOPEN_MS && isNear(anomaly, signals, graph),
  );
  if (recent === undefined) {
    const incident = openIncident(anomaly, now);
    memory.incidents.set(incident.id, incident);
    changes.push({ kind: 'opened', incidentId: incident.id });
    return;
  }
  memory.incidents.set(recent.id, withAnomaly(reopenIncident(recent, now), anomaly, now));
  changes.push({ kind: 'reopened', incidentId: recent.id });
}

function belongs(anomaly: Anomaly, incident: Incident, graph: CallGraph): boolean {
  if (incident.signals.some(({ signalId }) => signalId === anomaly.signalId)) return true;
  return anomaly.since >= incident.openedAt - TOGETHER_MS && isNear(anomaly, incident.signals, graph);
}

function isNear(one: { service: string }, others: readonly { service: string }[], graph: CallGraph): boolean {
  return others.some((other) => areConnected(graph, one.service, other.service));
}

/** Recoveries, new log lines, and the end. */
function follow(
  incident: Incident,
  detections: readonly Detection[],
  now: number,
  memory: CorrelateMemory,
  graph: CallGraph,
  changes: IncidentChange[],
): void {
  // Also right after the clock was set back.
  let followed = incident.lastTroubleAt > now ? { ...incident, lastTroubleAt: now } : incident;
  let isTrouble = holdsOpen(incident, now);
  for (const { signal, anomaly, state, value, because } of detections) {
    const known = incident.signals.find(({ signalId }) => signalId === signal.id);
    if (known === undefined) continue;
    // After a restart a signal is learned anew: until then nobody can say that it is normal.
    const isUnknown = state === 'learning' && value !== null && known.endedAt === null;
    if (known.kind === 'symptom' && (anomaly !== null || isUnknown)) isTrouble = true;
    if (anomaly === null && !isUnknown) followed = withRecovery(followed, signal.id, now, because);
  }
  for (const novelty of memory.novelties) {
    if (isNear(novelty, followed.signals, graph)) followed = withNovelty(followed, novelty);
  }
  if (isTrouble) followed = { ...followed, lastTroubleAt: now };
  if (now - followed.lastTroubleAt >= QUIET_MS) {
    const closed: Incident = { ...followed, state: 'closed', closedAt: now };
    followed = withEntry(closed, now, `closed: no symptom for ${QUIET_MS / 1_000} s`);
    changes.push({ kind: 'closed', incidentId: incident.id });
  }
  memory.incidents.set(incident.id, followed);
}

function forgetOldest(memory: CorrelateMemory): void {
  for (const [id, { state }] of memory.incidents) {
    if (memory.incidents.size <= MOST_INCIDENTS_KEPT) return;
    if (state === 'closed') memory.incidents.delete(id);
  }
}
