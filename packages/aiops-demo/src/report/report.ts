/**
 * Report: tells people what happened, in words of the business, and what each stage did.
 *
 * in: everything the stages before returned → out: incidents with titles, announcements, a report of the stages
 *
 * Rule: one announcement for each anomaly that starts, each incident that opens, reopens or closes, each finding of data quality and each
 * limit that will probably be reached; nothing else speaks.
 * When it misleads: an anomaly is announced when it is confirmed, seconds after it began; its text says since when.
 * Source: "Symptoms Versus Causes" in Google, Site Reliability Engineering, 2016, chapter 6: what users notice is told, its cause beside it.
 *
 *   report(…).announcements
 *   // [{ level: 'warn', text: 'incident opened: up to 23 % of departures get no model risk; first suspect model-server' }]
 */
import type { PipelineReport } from 'service-chassis';
import type { Forecasted } from '../forecast/forecast.js';
import type { Collected } from '../pipeline.js';
import type { Correlated } from '../correlate/correlate.js';
import type { Detected } from '../detect/detect.js';
import type { LocalizedIncident } from '../localize/localize.js';
import type { ParsedLog } from '../parse/parse.js';
import type { Assessed } from '../quality/assess.js';
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
  readonly assessed: Assessed;
  readonly parsed: readonly ParsedLog[];
  readonly templates: number;
  readonly detected: Detected;
  readonly forecasted: Forecasted;
  readonly correlated: Correlated;
  readonly localized: readonly LocalizedIncident[];
}

export function report(findings: Findings): Reported {
  const incidents = findings.localized.map((incident) => ({
    ...incident,
    title: titleOf(incident),
  }));
  return {
    incidents,
    announcements: [
      ...announceQuality(findings.assessed),
      ...announceAnomalies(findings.detected),
      ...announceForecasts(findings.forecasted),
      ...announceChanges(findings.correlated, incidents),
    ],
    pipeline: {
      pipeline: 'aiops',
      updatedAt: new Date(findings.collected.at).toISOString(),
      stages: stagesOf(findings),
    },
  };
}

function announceQuality({ started, ended }: Assessed): Announcement[] {
  return [
    ...started.map(({ kind, source, because, notJudged }) => ({
      level: 'warn' as const,
      text: `data quality of ${source}: ${kind}: ${because}; not judged: ${notJudged}`,
    })),
    ...ended.map(({ kind, source }) => ({
      level: 'info' as const,
      text: `data quality of ${source}: no more ${kind}`,
    })),
  ];
}

function announceForecasts({ told }: Forecasted): Announcement[] {
  return told.map(({ signal, because }) => ({
    level: 'warn',
    text: `forecast for ${signal.service}: ${signal.title} ${because}`,
  }));
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
