/** A group of alerts that belong to one trouble: by service, with the services that explain the others. */
import type { Alert } from './alert.js';
import type { Neighbourhood } from './neighbourhood.js';

export interface AlertGroup {
  readonly id: number;
  /** When the group's first alert arrived, and the last: by the clock of arrival. */
  readonly openedAt: number;
  lastArrivalAt: number;
  /** Distinct alerts, by fingerprint. */
  readonly alerts: Map<string, Alert>;
  /** The first alert of each service, by when its trouble began. */
  readonly firstOf: Map<string, Alert>;
  /** Services whose trouble no other service of the group explains. The others' alerts are inhibited. */
  readonly causes: Set<string>;
}

export function openGroup(id: number, arrivedAt: number): AlertGroup {
  return {
    id,
    openedAt: arrivedAt,
    lastArrivalAt: arrivedAt,
    alerts: new Map(),
    firstOf: new Map(),
    causes: new Set(),
  };
}

/** Adds an alert. A service that calls one of the group is a symptom; one that is called makes its callers symptoms. */
export function addAlert(group: AlertGroup, alert: Alert, neighbourhood: Neighbourhood): void {
  group.alerts.set(alert.fingerprint, alert);
  const first = group.firstOf.get(alert.service);
  if (first === undefined) {
    const explained = [...neighbourhood.callees(alert.service).keys()].some((callee) =>
      group.firstOf.has(callee),
    );
    if (!explained) {
      for (const caller of neighbourhood.callers(alert.service).keys()) group.causes.delete(caller);
      group.causes.add(alert.service);
    }
  }
  if (first === undefined || alert.at < first.at) group.firstOf.set(alert.service, alert);
}

/** Alerts to show: those of the causes. */
export function shownAlerts(group: AlertGroup): Alert[] {
  return [...group.alerts.values()].filter(({ service }) => group.causes.has(service));
}
