/**
 * First calls: a call that was never made before is a change of its caller.
 *
 * in: normal metrics, metrics of the incident, the graph → out: Change[]
 *
 * Rule: a service asked during the incident and never in normal time was added by whoever calls it. Its failures are no loss
 * that explains the caller's: it had no normal to depart from.
 * When it misleads: rare jobs that normal time did not happen to include.
 *
 *   // `invalid-table` is asked for the first time, by `status-updater` →
 *   // [{ service: 'status-updater', what: 'calls invalid-table, which it never called before', … }]
 */
import type { CallGraph } from '../topology.js';
import type { Change } from './cause.js';
import type { MetricTable } from './metric-table.js';

export function firstCalls(
  normal: MetricTable,
  incident: MetricTable,
  graph: CallGraph,
  at: number,
): Change[] {
  return graph
    .filter(({ to }) => isAsked(incident, to) && !isAsked(normal, to))
    .map(({ from, to }) => ({ service: from, at, what: `calls ${to}, which it never called before` }));
}

function isAsked(metrics: MetricTable, service: string): boolean {
  return metrics.get(service)?.requests.some((count) => count !== null && count > 0) ?? false;
}
