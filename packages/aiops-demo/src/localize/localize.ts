/**
 * Localize: which service is the cause of each incident?
 *
 * in: Incident[], recent changes → out: LocalizedIncident[], each with its causes, most likely first
 *
 * Rule: anomalous signals become suspicions (suspicion.ts), blame flows along the calls (rank-causes.ts). A call whose caller does
 * not wait passes blame only when a signal says that this very call fails.
 * When it misleads: see suspicion.ts and rank-causes.ts.
 * Source: blame that walks a call graph, as in MonitorRank (Kim, Sumbaly, Shah, SIGMETRICS 2013); see blame-flow.ts.
 *
 *   // flights-api slow, its calls to model-server fail →
 *   // [{ service: 'model-server', score: 0.9, evidence: ['flights-api waits for model-server and suffers too', …] }, { service: 'flights-api', … }]
 */
import type { Incident } from '../correlate/incident.js';
import type { CallGraph } from '../topology.js';
import type { Cause, Change } from './cause.js';
import { rankCauses } from './rank-causes.js';
import { alertSuspicionsOf, callsTold, sufferersOf, suspicionsOf } from './suspicion.js';

export type LocalizedIncident = Incident & { readonly causes: readonly Cause[] };

export function localize(
  incidents: readonly Incident[],
  graph: CallGraph,
  changes: readonly Change[] = [],
): LocalizedIncident[] {
  return incidents.map((incident) => ({ ...incident, causes: causesOf(incident, graph, changes) }));
}

export function causesOf(incident: Incident, graph: CallGraph, changes: readonly Change[]): Cause[] {
  const { signals, alerts = [], novelties, openedAt } = incident;
  const told = new Set(signals.flatMap((signal) => callsTold(signal, graph)));
  return rankCauses({
    graph: graph.filter((call) => call.waits || told.has(call)),
    losses: [...suspicionsOf(signals, graph), ...alertSuspicionsOf(alerts)],
    symptoms: sufferersOf(signals, alerts),
    changes,
    novelties,
    firstSignAt: Math.min(openedAt, ...signals.map(({ since }) => since), ...alerts.map(({ at }) => at)),
  });
}
