/** An incident as correlate knows it: which signals, when, in what order. */
import type { Anomaly } from '../detect/anomaly.js';
import type { Novelty } from '../detect/novelty.js';
import type { Alert } from './alert.js';

/** One signal's part in an incident. */
export interface IncidentSignal extends Anomaly {
  /** The value furthest from expected so far. */
  readonly worst: number;
  /** Milliseconds since 1970 when it was normal again; null while it is not. */
  readonly endedAt: number | null;
}

export interface TimelineEntry {
  readonly at: number;
  readonly what: string;
}

/** An alert from elsewhere, and when it was last told. */
export interface IncidentAlert extends Alert {
  readonly toldAt: number;
}

export interface Incident {
  readonly id: string;
  readonly state: 'open' | 'closed';
  readonly openedAt: number;
  readonly closedAt: number | null;
  /** When a symptom was last seen. */
  readonly lastTroubleAt: number;
  readonly signals: readonly IncidentSignal[];
  readonly novelties: readonly Novelty[];
  /** Only where others than the own detectors have raised some. */
  readonly alerts?: readonly IncidentAlert[];
  readonly timeline: readonly TimelineEntry[];
}

const MOST_TIMELINE_ENTRIES = 100;
const MOST_NOVELTIES = 20;

/** Opens an incident for its first symptom. The id repeats in a repeated run: the instant and the service. */
export function openIncident(symptom: Anomaly, now: number): Incident {
  return {
    id: `inc-${now.toString(36)}-${symptom.service}`,
    state: 'open',
    openedAt: now,
    closedAt: null,
    lastTroubleAt: now,
    signals: [asIncidentSignal(symptom)],
    novelties: [],
    timeline: [
      { at: symptom.since, what: `${symptom.service}: first sign. ${symptom.title}: ${symptom.because}` },
      { at: now, what: 'opened' },
    ],
  };
}

/** Adds an anomaly, or brings the one that is there up to date. */
export function withAnomaly(incident: Incident, anomaly: Anomaly, now: number): Incident {
  const known = incident.signals.find(({ signalId }) => signalId === anomaly.signalId);
  if (known === undefined) {
    const joined = { ...incident, signals: [...incident.signals, asIncidentSignal(anomaly)] };
    return withDetail(joined, now, `${anomaly.service}: joined. ${anomaly.title}: ${anomaly.because}`);
  }
  const isWorse = Math.abs(anomaly.seen - known.expected) > Math.abs(known.worst - known.expected);
  const updated: IncidentSignal = {
    ...known,
    ...anomaly,
    since: known.since,
    expected: known.expected,
    because: isWorse ? anomaly.because : known.because,
    matters: Math.max(known.matters, anomaly.matters),
    confirmed: known.confirmed || anomaly.confirmed,
    worst: isWorse ? anomaly.seen : known.worst,
    endedAt: null,
  };
  const signals = incident.signals.map((signal) => (signal === known ? updated : signal));
  const changed = { ...incident, signals };
  return known.endedAt === null
    ? changed
    : withDetail(changed, now, `${known.service}: again. ${anomaly.title}: ${anomaly.because}`);
}

export function reopenIncident(incident: Incident, now: number): Incident {
  return withEntry({ ...incident, state: 'open', closedAt: null, lastTroubleAt: now }, now, 'reopened');
}

/** Notes that a signal is normal again. */
export function withRecovery(incident: Incident, signalId: string, now: number, because: string): Incident {
  const recovered = incident.signals.find(
    (signal) => signal.signalId === signalId && signal.endedAt === null,
  );
  if (recovered === undefined) return incident;
  const signals = incident.signals.map((signal) =>
    signal === recovered ? { ...signal, endedAt: now } : signal,
  );
  return withDetail({ ...incident, signals }, now, `${signalId} is normal again: ${because}`);
}

export function withNovelty(incident: Incident, novelty: Novelty): Incident {
  const isKnown = incident.novelties.some(({ templateId }) => templateId === novelty.templateId);
  if (isKnown || incident.novelties.length >= MOST_NOVELTIES) return incident;
  const what = `${novelty.service}: new ${novelty.severity} log line "${novelty.template.slice(0, 200)}"`;
  return withDetail({ ...incident, novelties: [...incident.novelties, novelty] }, novelty.at, what);
}

/** What is told of one signal. An incident that goes on for days stops telling these, never its own changes of state. */
export function withDetail(incident: Incident, at: number, what: string): Incident {
  return incident.timeline.length >= MOST_TIMELINE_ENTRIES ? incident : withEntry(incident, at, what);
}

export function withEntry(incident: Incident, at: number, what: string): Incident {
  return { ...incident, timeline: [...incident.timeline, { at, what }] };
}

function asIncidentSignal(anomaly: Anomaly): IncidentSignal {
  return { ...anomaly, worst: anomaly.seen, endedAt: null };
}
