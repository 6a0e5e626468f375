/**
 * Relation: does an alert belong to a group of alerts, and how firmly?
 *
 * in: an alert, a group that has a service near the alert's → out: 0 (no) to 1
 *
 * Rule: by topology, where direction matters: an alert is explained by a group when its service calls one of the group's within two
 * calls, and explains a group when all causes of the group call its service. A cause begins no later than a minute after its
 * effect. By text: an alert that names a service of the group belongs more firmly; two callers that name the same silent
 * callee belong together. By time: firmness falls to 0 over three minutes.
 * When it misleads: two independent troubles, one in a callee of the other, within a minute; rules that fire late. Similar
 * wording alone is no relation here: on the storms it joined more strangers than relatives.
 * Source: Alertmanager's grouping and inhibition made directional; text, time and topology as keys: Chen et al., "Towards
 * Intelligent Incident Management", ESEC/FSE 2020.
 *
 *   relationOf(latency of 'board', group of 'model', neighbourhood) // 0.8: board calls model
 */
import type { Alert } from './alert.js';
import type { AlertGroup } from './alert-group.js';
import type { Neighbourhood } from './neighbourhood.js';

/** Rules wait a minute before they fire, scrapes come every 15 to 60 s: a cascade of three calls is told within three minutes. */
export const TOGETHER_MS = 180_000;
/** An effect may be seen before its cause: detectors differ by about one rule's waiting time. */
const CAUSE_LATE_MS = 60_000;
/** Firmness by kind; only their order matters: on the storms, half and twice the last gives the same within 0.01 of F1. */
const SAME_SERVICE = 1;
const NAMED = 0.9;
const CALLS = [0, 0.8, 0.6] as const;

export function relationOf(alert: Alert, group: AlertGroup, neighbourhood: Neighbourhood): number {
  const same = group.firstOf.get(alert.service);
  if (same !== undefined) return SAME_SERVICE * closeness(alert, same);
  const explained = explainedBy(alert, group, neighbourhood);
  const explaining = explains(alert, group, neighbourhood) ? CALLS[1] : 0;
  if (explained > 0 || explaining > 0) return Math.max(explained, explaining * closenessTo(alert, group));
  return accuseTheSame(alert, group, neighbourhood) ? NAMED * closenessTo(alert, group) : 0;
}

/** Would the alert, as the newest cause, explain everything that is in the group? Then the group is part of its trouble. */
export function explains(alert: Alert, group: AlertGroup, neighbourhood: Neighbourhood): boolean {
  const callers = neighbourhood.callers(alert.service);
  return [...group.causes].every((service) => {
    const first = group.firstOf.get(service);
    if (first === undefined || !callers.has(service)) return false;
    return alert.at <= first.at + CAUSE_LATE_MS && closeness(alert, first) > 0;
  });
}

function explainedBy(alert: Alert, group: AlertGroup, neighbourhood: Neighbourhood): number {
  let firmest = 0;
  for (const [service, calls] of neighbourhood.callees(alert.service)) {
    const first = group.firstOf.get(service);
    if (first === undefined || first.at > alert.at + CAUSE_LATE_MS) continue;
    const kind = alert.text.includes(service) ? NAMED : (CALLS[calls] ?? 0);
    firmest = Math.max(firmest, kind * closeness(alert, first));
  }
  return firmest;
}

/** Do this alert and the group's cause both name one callee, which is silent itself? */
function accuseTheSame(alert: Alert, group: AlertGroup, neighbourhood: Neighbourhood): boolean {
  const siblings = neighbourhood.siblings(alert.service);
  const named = [...neighbourhood.callees(alert.service).keys()].filter((callee) =>
    alert.text.includes(callee),
  );
  if (named.length === 0) return false;
  return [...group.causes].some(
    (service) =>
      siblings.has(service) &&
      [...group.alerts.values()].some(
        (other) => other.service === service && named.some((callee) => other.text.includes(callee)),
      ),
  );
}

function closenessTo(alert: Alert, group: AlertGroup): number {
  return Math.max(0, ...[...group.causes].map((service) => closeness(alert, group.firstOf.get(service))));
}

function closeness(alert: Alert, other: Alert | undefined): number {
  return other === undefined ? 0 : Math.max(0, 1 - Math.abs(alert.at - other.at) / TOGETHER_MS);
}
