/**
 * Root cause from tables of metrics: normal time against the incident, for a symptom of one service.
 *
 * in: normal and incident metrics, graph, symptom → out: Cause[], most likely first
 *
 * Rule: losses in the symptom's own way, time or failures, flow through the graph (rank-causes.ts). Where no service downstream lost
 * anything in that way, those in the other way do. The other services follow without a score, for a person to look at.
 * When it misleads: a cause that fails fast makes its callers slow only by their retries; the symptom's way then hides it.
 *
 *   rankByMetrics({ graph, normal, incident, symptom: { service: 'site', kind: 'latency', at }, … })[0] // { service: 'payments', score: 0.91, … }
 */
import type { Cause, Loss } from './cause.js';
import type { Context } from './corroboration.js';
import { downstream } from './downstream.js';
import { firstCalls } from './first-calls.js';
import { lossesOf } from './losses.js';
import type { MetricTable, TroubleKind } from './metric-table.js';
import { rankCauses } from './rank-causes.js';

export interface Symptom {
  readonly service: string;
  readonly kind: TroubleKind;
  /** Milliseconds since 1970 when it was first seen. */
  readonly at: number;
}

export interface MetricIncident extends Context {
  /** Intervals of normal time. */
  readonly normal: MetricTable;
  /** Intervals that end after the first sign of the symptom. */
  readonly incident: MetricTable;
  readonly symptom: Symptom;
}

export function rankByMetrics({
  normal,
  incident,
  symptom,
  graph,
  changes,
  novelties,
}: MetricIncident): Cause[] {
  const { service, kind, at } = symptom;
  const below = downstream([service], graph);
  below.delete(service);
  const ways = [kind, kind === 'latency' ? 'errors' : 'latency'] as const;
  const [losses, otherWay] = ways.map((way) => lossesOf(normal, incident, way));
  const explains = (found: readonly Loss[] = []) => found.some((loss) => below.has(loss.service));
  return rankCauses({
    graph,
    losses: (explains(losses) || !explains(otherWay) ? losses : otherWay) ?? [],
    symptoms: new Map([[service, 1]]),
    changes: [...changes, ...firstCalls(normal, incident, graph, at)],
    novelties,
    firstSignAt: at,
  });
}
