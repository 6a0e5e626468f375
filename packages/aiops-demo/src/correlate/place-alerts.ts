/**
 * Place alerts: alerts from elsewhere join the incidents that the own detectors opened, or open one.
 *
 * in: Alert[] → out: incidents in memory, and what changed
 *
 * Rule: an alert belongs to the open incident to which it is most firmly related (relation.ts), where a signal that lasts is close in time
 * as long as it lasts. A critical one that fires and belongs to none opens an incident, or reopens its own within a minute; others
 * wait three minutes for theirs.
 * A critical alert holds its incident open until it is resolved, or was not repeated for four hours and five minutes; not so where
 * the own detectors watch the same service and saw the trouble: they see its end sooner than a rule that looks back over an hour.
 * Such an alert, still firing after its incident closed, is old news and opens nothing.
 * When it misleads: a rule without the label `service` or `job` cannot be related to anything. A page about something that no own
 * signal measures, in a service whose other trouble is over, is told and then closed with it.
 * Source: 4 h is Alertmanager's default repeat_interval,
 * https://prometheus.io/docs/alerting/latest/configuration/#route
 */
import type { CallGraph } from '../topology.js';
import type { Alert } from './alert.js';
import { addAlert, openGroup } from './alert-group.js';
import type { AlertGroup } from './alert-group.js';
import { MOST_INCIDENTS_KEPT, REOPEN_MS } from './correlate-memory.js';
import type { CorrelateMemory, IncidentChange } from './correlate-memory.js';
import { openIncidentForAlert, withAlert } from './incident-alerts.js';
import { reopenIncident } from './incident.js';
import type { Incident } from './incident.js';
import { neighbourhoodOf } from './neighbourhood.js';
import type { Neighbourhood } from './neighbourhood.js';
import { TOGETHER_MS, relationOf } from './relation.js';

const REPEATED_WITHIN_MS = (4 * 60 + 5) * 60_000;
const MOST_WAITING = 1_000;

/** Beyond this many incidents, closed ones included, alerts wait instead of opening more. */
const MOST_INCIDENTS_WITH_ALERTS = 2 * MOST_INCIDENTS_KEPT;

export function placeAlerts(
  arrived: readonly Alert[],
  now: number,
  memory: CorrelateMemory,
  graph: CallGraph,
  changes: IncidentChange[],
): void {
  // Another host's clock may be ahead.
  const alerts = [...memory.alerts, ...arrived].map((alert) => ({ ...alert, at: Math.min(alert.at, now) }));
  const neighbourhood = neighbourhoodOf(graph);
  const waiting: Alert[] = [];
  for (const alert of alerts) {
    const home = homeOf(alert, now, memory, neighbourhood);
    if (home !== undefined) memory.incidents.set(home.id, withAlert(home, alert, now));
    else if (isCritical(alert) && memory.incidents.size < MOST_INCIDENTS_WITH_ALERTS)
      open(alert, now, memory, changes);
    else if (alert.status === 'firing' && now - alert.at < TOGETHER_MS) waiting.push(alert);
  }
  memory.alerts = waiting.slice(-MOST_WAITING);
}

function open(alert: Alert, now: number, memory: CorrelateMemory, changes: IncidentChange[]): void {
  const recent = [...memory.incidents.values()].find(
    (incident) =>
      incident.closedAt !== null && now - incident.closedAt <= REOPEN_MS && knows(incident, alert),
  );
  const incident =
    recent === undefined
      ? openIncidentForAlert(alert, now)
      : withAlert(reopenIncident(recent, now), alert, now);
  memory.incidents.set(incident.id, incident);
  changes.push({ kind: recent === undefined ? 'opened' : 'reopened', incidentId: incident.id });
}

function knows({ alerts = [] }: Incident, { fingerprint }: Alert): boolean {
  return alerts.some((alert) => alert.fingerprint === fingerprint);
}

/** Does an alert from elsewhere keep the incident open? */
export function holdsOpen(incident: Incident, now: number): boolean {
  return (incident.alerts ?? []).some(
    (alert) =>
      isCritical(alert) && !isSeenByOwnSignals(incident, alert) && now - alert.toldAt < REPEATED_WITHIN_MS,
  );
}

function isSeenByOwnSignals({ signals }: Incident, { service }: Alert): boolean {
  return signals.some((signal) => signal.service === service);
}

/** Part of an incident that is over, and firing since before its end. */
function isOldNews(incident: Incident, alert: Alert): boolean {
  return (
    incident.closedAt !== null &&
    alert.at <= incident.closedAt &&
    knows(incident, alert) &&
    isSeenByOwnSignals(incident, alert)
  );
}

function isCritical({ severity, status }: Alert): boolean {
  return severity === 'critical' && status === 'firing';
}

function homeOf(
  alert: Alert,
  now: number,
  memory: CorrelateMemory,
  neighbourhood: Neighbourhood,
): Incident | undefined {
  let [home, firmness]: [Incident | undefined, number] = [undefined, 0];
  for (const incident of memory.incidents.values()) {
    if (isOldNews(incident, alert)) return incident;
    if (incident.state === 'closed') continue;
    if (knows(incident, alert)) return incident;
    const relation = relationOf(alert, asGroup(incident, alert.at, now, neighbourhood), neighbourhood);
    if (relation > firmness) [home, firmness] = [incident, relation];
  }
  return home;
}

/** The incident as it stood at an instant: a signal that lasted then counts as being of that instant. */
function asGroup(incident: Incident, at: number, now: number, neighbourhood: Neighbourhood): AlertGroup {
  const group = openGroup(0, incident.openedAt);
  for (const { signalId, service, title, because, since, endedAt } of incident.signals) {
    const lasted = Math.max(since, Math.min(at, endedAt ?? now));
    const seen = { fingerprint: signalId, service, name: title, text: because, at: lasted };
    addAlert(group, { ...seen, source: 'detector', severity: 'warning', status: 'firing' }, neighbourhood);
  }
  for (const alert of incident.alerts ?? []) {
    const lasted = alert.status === 'firing' ? Math.max(alert.at, Math.min(at, now)) : alert.at;
    addAlert(group, { ...alert, at: lasted }, neighbourhood);
  }
  return group;
}
