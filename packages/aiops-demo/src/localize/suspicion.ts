/**
 * Suspicion: what the anomalous signals of an incident say of each service.
 *
 * in: IncidentSignal[] → out: Loss[], a strength from 0 to 1 each, the strongest first
 *
 * Rule: strength is matters / (1 + matters): once over the floor of what matters is a half, ten times nine tenths. A signal that tells how
 * calls to another service go is held against that service. Traffic is no suspicion: a callee that is asked less is an effect.
 * When it misleads: floors are set by hand, so strengths of different signals compare only roughly; that is why they saturate.
 * A latency percentile is no sum: a caller that retries shows far more than its callee.
 *
 *   suspicionsOf([circuit of flights-api open: matters 2], topology) // [{ service: 'model-server', size: 0.67, because: 'flights-api says …' }]
 */
import type { IncidentAlert, IncidentSignal } from '../correlate/incident.js';
import type { Call, CallGraph } from '../topology.js';
import type { Loss } from './cause.js';

export function suspicionsOf(signals: readonly IncidentSignal[], graph: CallGraph): Loss[] {
  const strongestFirst = suspicious(signals).toSorted((a, b) => b.matters - a.matters);
  const told = strongestFirst.flatMap((signal) =>
    callsTold(signal, graph).map(({ from, to }) => ({
      service: to,
      size: strengthOf(signal),
      because: `${from} says of its calls to ${to}: ${signal.title}: ${signal.because}`,
    })),
  );
  const own = strongestFirst
    .filter((signal) => callsTold(signal, graph).length === 0)
    .map((signal) => ({
      service: signal.service,
      size: strengthOf(signal),
      because: `${signal.title}: ${signal.because}`,
    }));
  return [...told, ...own];
}

/** An alert from elsewhere: somebody decided that this matters, so it counts as once over the floor. */
const ALERT_STRENGTH = 0.5;

export function alertSuspicionsOf(alerts: readonly IncidentAlert[]): Loss[] {
  return alerts.map(({ service, name, text, source }) => ({
    service,
    size: ALERT_STRENGTH,
    because: `${source} says: ${name}: ${text}`,
  }));
}

/** Where the trouble shows, by how much: what a signal tells of a call is felt by the caller. */
export function sufferersOf(
  signals: readonly IncidentSignal[],
  alerts: readonly IncidentAlert[] = [],
): Map<string, number> {
  const sufferers = new Map(alerts.map(({ service }) => [service, ALERT_STRENGTH]));
  for (const signal of suspicious(signals)) {
    sufferers.set(signal.service, Math.max(strengthOf(signal), sufferers.get(signal.service) ?? 0));
  }
  return sufferers;
}

function suspicious(signals: readonly IncidentSignal[]): IncidentSignal[] {
  return signals.filter(({ kind }) => kind !== 'traffic');
}

function strengthOf({ matters }: IncidentSignal): number {
  return matters / (1 + matters);
}

export function callsTold({ signalId }: IncidentSignal, graph: CallGraph): Call[] {
  return graph.filter(({ toldBy }) => toldBy.includes(signalId));
}
