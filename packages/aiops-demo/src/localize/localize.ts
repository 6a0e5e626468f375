/**
 * Localize: which service is the cause?
 *
 * in: Incident → out: Cause[], most likely first, each with its evidence
 *
 * Rule: an anomalous callee explains an anomalous caller. Each service has a suspicion: its strongest anomaly, or what its
 * callers say of calls to it. Walks start at the anomalous services, follow calls to suspected callees, and stay where the service
 * is more suspect than what it calls (personalised-pagerank.ts).
 * When it misleads: a cause that nobody measures cannot be named; its caller is named instead. Traffic is no suspicion: a
 * callee that is asked less is an effect.
 * Source: MonitorRank (Kim, Sumbaly, Shah, SIGMETRICS 2013), MicroRCA (Wu et al., NOMS 2020).
 *
 *   // flights-api slow, its calls to model-server fail →
 *   // [{ service: 'model-server', score: 0.7, evidence: ['flights-api says of its calls to model-server: …'] }, { service: 'flights-api', … }]
 */
import type { Incident, IncidentSignal } from '../correlate/incident.js';
import type { Call, CallGraph } from '../topology.js';
import { evidenceFor } from './evidence.js';
import { personalisedPageRank } from './personalised-pagerank.js';

export interface Cause {
  readonly service: string;
  /** Share of all suspicion, 0 to 1. */
  readonly score: number;
  readonly evidence: readonly string[];
}

export type LocalizedIncident = Incident & { readonly causes: readonly Cause[] };

/** A walk that stays keeps at least this weight, so that a cause holds what reaches it. */
const LEAST_STAY = 0.05;

export function localize(incidents: readonly Incident[], graph: CallGraph): LocalizedIncident[] {
  return incidents.map((incident) => ({ ...incident, causes: rankCauses(incident, graph) }));
}

export function rankCauses(incident: Incident, graph: CallGraph): Cause[] {
  const suspicions = suspicionOf(incident.signals, graph);
  const services = [...suspicions.keys()];
  const calls = graph.filter((call) => call.waits || isToldOf(call, incident.signals));
  const suspicion = (service: string) => suspicions.get(service) ?? 0;
  const explained = (service: string) =>
    Math.max(0, ...calls.filter(({ from }) => from === service).map(({ to }) => suspicion(to)));
  const weight = (from: string, to: string) => {
    if (from === to) return Math.max(LEAST_STAY, suspicion(from) - explained(from));
    return calls.some((call) => call.from === from && call.to === to) ? suspicion(to) : 0;
  };
  const scores = personalisedPageRank(services, weight, suspicions);
  return services
    .map((service) => ({
      service,
      score: Number((scores.get(service) ?? 0).toFixed(3)),
      evidence: evidenceFor(service, incident, graph),
    }))
    .sort((a, b) => b.score - a.score);
}

/** How suspect each service is, 0 to 1: by its own signals and by what callers say of it. */
export function suspicionOf(signals: readonly IncidentSignal[], graph: CallGraph): Map<string, number> {
  const suspicions = new Map<string, number>();
  for (const signal of signals) {
    if (signal.kind === 'traffic') continue;
    const told = graph.filter(({ toldBy }) => toldBy.includes(signal.signalId)).map(({ to }) => to);
    for (const service of told.length > 0 ? told : [signal.service]) {
      // Once over the floor counts a half, ten times over nine tenths.
      const strength = signal.matters / (1 + signal.matters);
      suspicions.set(service, Math.max(suspicions.get(service) ?? 0, strength));
    }
  }
  return suspicions;
}

function isToldOf({ toldBy }: Call, signals: readonly IncidentSignal[]): boolean {
  return signals.some(({ signalId }) => toldBy.includes(signalId));
}
