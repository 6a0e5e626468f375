/**
 * Evidence: why a service is suspected, in sentences a person can check.
 *
 * in: a service, an incident → out: sentences, the strongest first
 *
 *   evidenceFor('model-server', incident, topology)
 *   // ['flights-api says of its calls to model-server: Circuit to the model: expected 0, seen 1, …']
 */
import type { Incident } from '../correlate/incident.js';
import type { CallGraph } from '../topology.js';

const MOST_SENTENCES = 8;
const LONGEST_LINE = 200;

export function evidenceFor(service: string, incident: Incident, graph: CallGraph): string[] {
  const toldBy = new Map(graph.flatMap((call) => call.toldBy.map((signalId) => [signalId, call] as const)));
  const strongestFirst = [...incident.signals].sort((a, b) => b.matters - a.matters);
  const told = strongestFirst.flatMap(({ signalId, title, because }) => {
    const call = toldBy.get(signalId);
    return call?.to === service ? [`${call.from} says of its calls to ${service}: ${title}: ${because}`] : [];
  });
  const own = strongestFirst
    .filter((signal) => signal.service === service && !toldBy.has(signal.signalId))
    .map(({ title, because }) => `${title}: ${because}`);
  const logs = incident.novelties
    .filter((novelty) => novelty.service === service || mentions(novelty.template, service))
    .map(
      ({ service: by, severity, template }) =>
        `new ${severity} log line of ${by}: "${template.slice(0, LONGEST_LINE)}"`,
    );
  const position = explains(service, incident, graph);
  return [...position, ...told, ...own, ...logs].slice(0, MOST_SENTENCES);
}

/** People write `model-server`, "model server" and `model_server`. */
function mentions(template: string, service: string): boolean {
  const plain = (text: string) => text.toLowerCase().replaceAll(/[\s_-]/g, '');
  return plain(template).includes(plain(service));
}

function explains(service: string, { signals }: Incident, graph: CallGraph): string[] {
  const callers = graph
    .filter(
      (call) => call.to === service && call.waits && signals.some((signal) => signal.service === call.from),
    )
    .map(({ from }) => from);
  return callers.length === 0 ? [] : [`${callers.join(' and ')} waits for ${service} and suffers too`];
}
