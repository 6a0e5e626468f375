/** An incident's alerts from elsewhere: opening, joining, repeating, resolving. */
import type { Alert } from './alert.js';
import { withDetail } from './incident.js';
import type { Incident } from './incident.js';

const MOST_ALERTS = 100;

export function openIncidentForAlert(alert: Alert, now: number): Incident {
  const service = alert.service.replaceAll(/[^\w.-]+/g, '-');
  return {
    id: `inc-${now.toString(36)}-${service}`,
    state: 'open',
    openedAt: now,
    closedAt: null,
    lastTroubleAt: now,
    signals: [],
    novelties: [],
    alerts: [{ ...alert, toldAt: now }],
    timeline: [
      { at: alert.at, what: `${alert.service}: first sign. ${inWords(alert)}` },
      { at: now, what: 'opened' },
    ],
  };
}

/** Adds an alert, or brings the one that is there up to date. A repetition says nothing new. */
export function withAlert(incident: Incident, alert: Alert, now: number): Incident {
  const { alerts = [] } = incident;
  const known = alerts.find(({ fingerprint }) => fingerprint === alert.fingerprint);
  if (known === undefined && alerts.length >= MOST_ALERTS) return incident;
  const others = alerts.filter((other) => other !== known);
  const changed = { ...incident, alerts: [...others, { ...alert, toldAt: now }] };
  if (known?.status === alert.status) return changed;
  const what = known === undefined ? 'joined' : alert.status === 'firing' ? 'again' : 'resolved';
  return withDetail(
    changed,
    known === undefined ? alert.at : now,
    `${alert.service}: ${what}. ${inWords(alert)}`,
  );
}

function inWords({ source, name, text }: Alert): string {
  return text === name ? `${source}: ${name}` : `${source}: ${name}: ${text}`;
}
