/**
 * Deviations: how far each service is from its own normal; sorted by `unusual`, the baseline "largest deviation" without a graph.
 *
 * in: normal metrics, metrics of the incident, latency or errors → out: Excess by service, of those that can be judged
 *
 * Rule: excess-latency.ts, excess-errors.ts.
 * When it misleads: as a ranking, because the loudest service is often the one that waits for the cause.
 *
 *   deviations(normal, incident, 'latency').get('model') // { unusual: 12, perInterval: 10, … }
 */
import { excessErrors } from './excess-errors.js';
import { excessLatency } from './excess-latency.js';
import type { Excess, MetricTable, TroubleKind } from './metric-table.js';

const EXCESS = { latency: excessLatency, errors: excessErrors };

export function deviations(
  normal: MetricTable,
  incident: MetricTable,
  kind: TroubleKind,
): Map<string, Excess> {
  const found = new Map<string, Excess>();
  for (const [service, now] of incident) {
    const usual = normal.get(service);
    const excess = usual === undefined ? null : EXCESS[kind](usual, now);
    if (excess !== null) found.set(service, excess);
  }
  return found;
}
