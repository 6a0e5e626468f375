/**
 * Report: tells people what happened, in words of the business, and what each stage did.
 *
 * in: everything the stages before returned → out: incidents with titles, announcements, a report of the stages
 *
 * Rule: one announcement for each anomaly that starts and each incident that opens, reopens or closes; nothing else speaks.
 * When it misleads: an anomaly is announced when it is confirmed, seconds after it began; its text says since when.
 *
 *   report(…).announcements
 *   // [{ level: 'warn', text: 'incident opened: 23 % of departures get no model risk; first suspect model-server' }]
 */
import type { PipelineReport } from 'service-chassis';
import type { Collected } from '../pipeline.js';
import type { Correlated } from '../correlate/correlate.js';
import type { Detected } from '../detect/detect.js';
import type { LocalizedIncident } from '../localize/localize.js';
import type { ParsedLog } from '../parse/parse.js';
import { titleOf } from './impact.js';
import { stagesOf } from './stages.js';

export type ReportedIncident = LocalizedIncident & { readonly title: string };

export interface Announcement {
  readonly level: 'info' | 'warn';
  readonly text: string;
}

export interface Reported {
  readonly incidents: readonly ReportedIncident[];
  readonly announcements: readonly Announcement[];
  readonly pipeline: PipelineReport;
}

/** What the stages before returned. */
export interface Findings {
  readonly collected: Collected;
  readonly parsed: readonly ParsedLog[];
  readonly templates: number;
  readonly detected: Detected;
  readonly correlated: Correlated;
  readonly localized: readonly LocalizedIncident[];
}

export function report(findings: Findings): Reported {
  const incidents = findings.localized.map((incident) => ({
    ...incident,
    title: titleOf(incident.signals, incident.timeline),
  }));
  return {
    incidents,
    announcements: [
      ...announceAnomalies(findings.detected),
      ...announceChanges(findings.correlated, incidents),
    ],
    pipeline: {
      pipeline: 'aiops',
      updatedAt: new Date(findings.collected.at).toISOString(),
      stages: stagesOf(findings),
    },
  };
}

function announceAnomalies({ started, ended }: Detected): Announcement[] {
  return [
    ...started.map(({ service, kind, title, because }) => ({
      level: kind === 'symptom' ? ('warn' as const) : ('info' as const),
      text: `anomaly in ${service}: ${title}: ${because}`,
    })),
    ...ended.map(({ signalId }) => ({ level: 'info' as const, text: `anomaly over: ${signalId}` })),
  ];
}

function announceChanges({ changes }: Correlated, incidents: readonly ReportedIncident[]): Announcement[] {
  return changes.flatMap(({ kind, incidentId }): Announcement[] => {
    const incident = incidents.find(({ id }) => id === incidentId);
    if (incident === undefined) return [];
    const cause = incident.causes[0]?.service ?? 'nobody';
    const seconds = Math.round(((incident.closedAt ?? incident.openedAt) - incident.openedAt) / 1_000);
    return kind === 'closed'
      ? [{ level: 'info', text: `incident closed: ${incident.title}; it lasted ${seconds} s` }]
      : [{ level: 'warn', text: `incident ${kind}: ${incident.title}; first suspect ${cause}` }];
  });
}
