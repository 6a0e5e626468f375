/** Between what the pipeline knows and what the tables hold: milliseconds here, timestamps there. */
import { SEVERITIES } from './log-record.js';
import type { LogTemplate } from './parse/parse.js';
import type { ReportedIncident } from './report/report.js';

export interface IncidentRow {
  id: string;
  state: 'open' | 'closed';
  title: string;
  opened_at: Date;
  closed_at: Date | null;
  last_trouble_at: Date;
  signals: ReportedIncident['signals'];
  causes: ReportedIncident['causes'];
  novelties: ReportedIncident['novelties'];
  timeline: { at: string; what: string }[];
}

export interface TemplateRow {
  id: string;
  template: string;
  count: string | number;
  services: readonly string[];
  worst_severity: string;
  first_seen: Date | string;
  last_seen: Date | string;
}

export function toIncidentValues(incident: ReportedIncident): unknown[] {
  const { id, state, title, openedAt, closedAt, lastTroubleAt, signals, causes, novelties } = incident;
  const lists = [signals, causes, novelties].map((list) => JSON.stringify(list));
  return [
    id,
    state,
    title,
    iso(openedAt),
    closedAt === null ? null : iso(closedAt),
    iso(lastTroubleAt),
    ...lists,
  ];
}

export function toTimelineRow({ at, what }: { at: number; what: string }, position: number): object {
  return { position, at: iso(at), what };
}

export function fromIncidentRow(row: IncidentRow): ReportedIncident {
  return {
    id: row.id,
    state: row.state,
    title: row.title,
    openedAt: row.opened_at.getTime(),
    closedAt: row.closed_at?.getTime() ?? null,
    lastTroubleAt: row.last_trouble_at.getTime(),
    signals: row.signals,
    causes: row.causes,
    novelties: row.novelties,
    timeline: row.timeline.map(({ at, what }) => ({ at: Date.parse(at), what })),
  };
}

export function toTemplateRow(template: LogTemplate): TemplateRow {
  return {
    id: template.id,
    template: template.template,
    count: template.count,
    services: template.services,
    worst_severity: template.worstSeverity,
    first_seen: iso(template.firstSeen),
    last_seen: iso(template.lastSeen),
  };
}

export function fromTemplateRow(row: TemplateRow): LogTemplate {
  return {
    id: row.id,
    template: row.template,
    count: Number(row.count),
    services: row.services,
    worstSeverity: SEVERITIES.find((severity) => severity === row.worst_severity) ?? 'INFO',
    firstSeen: new Date(row.first_seen).getTime(),
    lastSeen: new Date(row.last_seen).getTime(),
  };
}

function iso(at: number): string {
  return new Date(at).toISOString();
}
