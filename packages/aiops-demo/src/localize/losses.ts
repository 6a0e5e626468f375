/**
 * Losses: the services that lost more than normal, in seconds of waiting or in failed requests.
 *
 * in: normal metrics, metrics of the incident, latency or errors → out: Loss[]
 *
 * Rule: the excess counts whole from three usual spreads on, not at all up to one and a half, in proportion between: a weak sign is
 * better than none, and no service appears at a step.
 * When it misleads: a service without normal metrics has no loss here; see first-calls.ts for what is new.
 * Source: three spreads are Shewhart's limit (1931).
 *
 *   lossesOf(normal, incident, 'latency') // [{ service: 'model', size: 10, because: 'answers took 300 ms, normally 100 ms: …' }]
 */
import { inUnit } from '../in-unit.js';
import type { Loss } from './cause.js';
import { deviations } from './deviations.js';
import type { Excess, MetricTable, TroubleKind } from './metric-table.js';

const SURELY_UNUSUAL_SPREADS = 3;
const HARDLY_UNUSUAL_SPREADS = 1.5;

export function lossesOf(normal: MetricTable, incident: MetricTable, kind: TroubleKind): Loss[] {
  return [...deviations(normal, incident, kind)].flatMap(([service, excess]): Loss[] => {
    const size = Math.max(0, excess.perInterval) * certaintyOf(excess.unusual);
    return size === 0 ? [] : [{ service, size, because: inWords(excess, kind) }];
  });
}

/** 0 to 1. */
export function certaintyOf(unusual: number): number {
  const steps = (unusual - HARDLY_UNUSUAL_SPREADS) / (SURELY_UNUSUAL_SPREADS - HARDLY_UNUSUAL_SPREADS);
  return Math.min(1, Math.max(0, steps));
}

function inWords({ perInterval, unusual, expected, seen }: Excess, kind: TroubleKind): string {
  const spreads = `${Math.round(unusual)} usual spreads`;
  if (kind === 'latency') {
    return `answers took ${inUnit(seen, 's')}, normally ${inUnit(expected, 's')} (${spreads}); ${inUnit(perInterval, 's')} lost in each interval`;
  }
  return `${inUnit(seen, 'ratio')} of requests failed, normally ${inUnit(expected, 'ratio')} (${spreads}); ${perInterval.toFixed(1)} too many in each interval`;
}
