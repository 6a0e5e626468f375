/**
 * Narrate: what happened between two looks at the system, as lines for a person.
 *
 * in: Observation before, Observation now → out: Line[]
 *
 * Rule: only changes are told, except departures, of which one every few seconds is shown as a sample.
 */
import { inUtc } from './in-utc.js';
import { aboutDays, aboutRetraining } from './narrate-model.js';
import { aboutReleases } from './narrate-release.js';
import type { Departure, Incident, Observation, Signal } from './observation.js';

export type LineKind =
  | 'start'
  | 'departure'
  | 'release'
  | 'drift'
  | 'model'
  | 'anomaly'
  | 'incident'
  | 'fault'
  | 'replay'
  | 'problem'
  | 'stop';

export interface Line {
  readonly kind: LineKind;
  readonly text: string;
}

export function narrate(before: Observation, now: Observation): Line[] {
  return [
    ...aboutDepartures(before, now),
    ...aboutReplay(before, now),
    ...aboutReleases(before, now),
    ...aboutDrift(before, now),
    ...aboutDays(before, now),
    ...aboutRetraining(before.attempts ?? [], now.attempts ?? []),
    ...aboutSignals(before.signals ?? [], now.signals ?? []),
    ...aboutIncidents(before.incidents ?? [], now.incidents ?? []),
  ];
}

function aboutDepartures(before: Observation, now: Observation): Line[] {
  const { latest } = now;
  if (latest === undefined || latest.flightId === before.latest?.flightId) return [];
  const rate = perSecond(before, now);
  return [
    { kind: 'departure', text: departureText(latest) + (rate === undefined ? '' : `  (${rate} flights/s)`) },
  ];
}

/**
 * `02-01 13:15 UTC  JFK → ORD  late risk  34 %  model v1`, or why that is only a base rate. Not the airports' own clocks: of flights that
 * leave at the same time they show three hours.
 */
export function departureText({ origin, destination, departedAt, risk }: Departure): string {
  const percent = `${Math.round(risk.probability * 100)} %`.padStart(5);
  const source = risk.degraded ? 'base rate, degraded' : `model ${risk.modelVersion ?? '?'}`;
  return `${inUtc(departedAt)}  ${origin} → ${destination}  late risk ${percent}  ${source}`;
}

function perSecond(before: Observation, now: Observation): string | undefined {
  if (before.replay === undefined || now.replay === undefined || now.at <= before.at) return undefined;
  const flights = now.replay.flights - before.replay.flights;
  return flights < 0 ? undefined : (flights / ((now.at - before.at) / 1_000)).toFixed(0);
}

function aboutReplay(before: Observation, now: Observation): Line[] {
  const { replay } = now;
  if (replay === undefined) return [];
  // "3 s behind" and "4 s behind" are the same news.
  const told = withoutNumbers(`${replay.state} ${replay.because}`);
  if (told === withoutNumbers(`${before.replay?.state} ${before.replay?.because}`)) return [];
  return [{ kind: 'replay', text: `${replay.state}: ${replay.because}` }];
}

function aboutDrift(before: Observation, now: Observation): Line[] {
  const { drift } = now;
  if (now.model === undefined || drift === undefined || drift.verdict === before.drift?.verdict) return [];
  return [{ kind: 'drift', text: `drift check: ${drift.verdict}. ${drift.because}` }];
}

function aboutSignals(before: readonly Signal[], now: readonly Signal[]): Line[] {
  const states = new Map(before.map(({ id, state }) => [id, state]));
  const lines: Line[] = [];
  const learned = knowing(now);
  if (learned > knowing(before) && learned === now.length) {
    lines.push({ kind: 'anomaly', text: `all ${learned} signals have learned what is normal` });
  }
  for (const { id, service, title, state, because } of now) {
    if (state === states.get(id)) continue;
    const name = `${service} ${title}`;
    if (state === 'anomalous') lines.push({ kind: 'anomaly', text: `${name}: ${because}` });
    else if (states.get(id) === 'anomalous')
      lines.push({ kind: 'anomaly', text: `${name}: back to ${state}` });
  }
  return lines;
}

function knowing(signals: readonly Signal[]): number {
  return signals.filter(({ state }) => state !== 'learning').length;
}

function aboutIncidents(before: readonly Incident[], now: readonly Incident[]): Line[] {
  const known = new Map(before.map((incident) => [incident.id, incident]));
  const lines: Line[] = [];
  for (const incident of now) {
    const last = known.get(incident.id);
    const first = causeOf(incident);
    if (last === undefined && incident.state === 'open') {
      lines.push({ kind: 'incident', text: `opened: ${incident.title}. First suspect: ${first}` });
    } else if (
      last !== undefined &&
      last.state === 'open' &&
      incident.state === 'open' &&
      causeOf(last) !== first
    ) {
      lines.push({ kind: 'incident', text: `first suspect now: ${first} (${incident.title})` });
    }
    if (last?.state === 'open' && incident.state === 'closed') {
      lines.push({ kind: 'incident', text: `closed: ${incident.title}. Cause: ${first}` });
    }
  }
  return lines;
}

export function causeOf({ causes }: Incident): string {
  return causes[0]?.service ?? 'unknown';
}

function withoutNumbers(text: string): string {
  return text.replace(/\d+(\.\d+)?/g, '#');
}
