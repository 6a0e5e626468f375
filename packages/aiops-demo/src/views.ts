/** What the API shows: the pipeline's results with ISO 8601 instants, as zod schemas and as functions. */
import { z } from 'zod';
import type { Anomaly, Detection } from './detect/anomaly.js';
import type { SignalHistory } from './history.js';
import type { LogTemplate } from './parse/parse.js';
import type { ReportedIncident } from './report/report.js';

const instant = z.iso.datetime();

export const signalView = z.object({
  id: z.string(),
  service: z.string(),
  title: z.string(),
  unit: z.string(),
  kind: z.string(),
  points: z.array(z.tuple([z.number(), z.number().nullable()])),
  state: z.enum(['learning', 'normal', 'anomalous']),
  because: z.string(),
});

export const anomalyView = z.object({
  signalId: z.string(),
  service: z.string(),
  title: z.string(),
  kind: z.string(),
  since: instant,
  expected: z.number(),
  seen: z.number(),
  unusual: z.number().nullable(),
  because: z.string(),
});

export const templateView = z.object({
  id: z.string(),
  template: z.string(),
  count: z.number().int(),
  services: z.array(z.string()),
  worstSeverity: z.string(),
  firstSeen: instant,
  lastSeen: instant,
});

export const incidentView = z.object({
  id: z.string(),
  state: z.enum(['open', 'closed']),
  title: z.string(),
  openedAt: instant,
  closedAt: instant.nullable(),
  causes: z.array(z.object({ service: z.string(), score: z.number(), evidence: z.array(z.string()) })),
  signals: z.array(z.string()),
  anomalies: z.array(anomalyView.extend({ worst: z.number(), endedAt: instant.nullable() })),
  timeline: z.array(z.object({ at: instant, what: z.string() })),
});

export function viewSignal(
  { signal, state, because }: Detection,
  history: SignalHistory,
  points: number,
): z.infer<typeof signalView> {
  const { id, service, title, unit, kind } = signal;
  const shown = (history.get(id) ?? [])
    .slice(-points)
    .map(([at, value]): [number, number | null] => [at, value]);
  return { id, service, title, unit, kind, points: shown, state, because };
}

export function viewAnomalies(detections: readonly Detection[]): z.infer<typeof anomalyView>[] {
  return detections.flatMap(({ anomaly }) => (anomaly?.confirmed === true ? [viewAnomaly(anomaly)] : []));
}

function viewAnomaly(anomaly: Anomaly): z.infer<typeof anomalyView> {
  const { signalId, service, title, kind, since, expected, seen, unusual, because } = anomaly;
  return { signalId, service, title, kind, since: iso(since), expected, seen, unusual, because };
}

export function viewTemplate(template: LogTemplate): z.infer<typeof templateView> {
  return {
    ...template,
    services: [...template.services],
    firstSeen: iso(template.firstSeen),
    lastSeen: iso(template.lastSeen),
  };
}

export function viewIncident(incident: ReportedIncident): z.infer<typeof incidentView> {
  const { id, state, title, openedAt, closedAt, causes, signals, timeline } = incident;
  return {
    id,
    state,
    title,
    openedAt: iso(openedAt),
    closedAt: closedAt === null ? null : iso(closedAt),
    causes: causes.map(({ service, score, evidence }) => ({ service, score, evidence: [...evidence] })),
    signals: signals.map(({ signalId }) => signalId),
    anomalies: signals.map((signal) => ({
      ...viewAnomaly(signal),
      worst: signal.worst,
      endedAt: signal.endedAt === null ? null : iso(signal.endedAt),
    })),
    // A log line may be told after the fact.
    timeline: timeline.toSorted((a, b) => a.at - b.at).map(({ at, what }) => ({ at: iso(at), what })),
  };
}

function iso(at: number): string {
  return new Date(at).toISOString();
}
