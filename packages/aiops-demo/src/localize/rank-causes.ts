/**
 * Root cause: which service is to blame for a symptom? From losses, the call graph, recent changes and new log lines to ranked causes.
 *
 * in: losses by service, the symptoms, the graph → out: Cause[], most likely first, each with its evidence
 *
 * Rule: blame begins at the symptoms, flows to callees in proportion to what they lost, and rests where a loss is a service's
 * own (blame-flow.ts). A tenth begins at all services in trouble on which a symptom depends: a link between may be unmeasured.
 * A change or a new log line raises a suspect (corroboration.ts). Equal scores are ordered by loss.
 * When it misleads: a cause that nobody measures cannot be named; its caller is named instead.
 * Source: as blame-flow.ts; that a cause lies downstream of its symptom is the traversal of CauseInfer (Chen et al., INFOCOM 2014).
 *
 *   rankCauses({ graph: [{ from: 'board', to: 'model', waits: true, toldBy: [] }], losses: [board 10, model 8], symptoms: new Map([['board', 1]]), … })
 *   // [{ service: 'model', score: 0.82, evidence: ['board waits for model and suffers too', …] }, { service: 'board', … }]
 */
import type { Call } from '../topology.js';
import { blameFlow } from './blame-flow.js';
import type { Cause, Loss } from './cause.js';
import { corroborate } from './corroboration.js';
import type { Context } from './corroboration.js';
import { downstream } from './downstream.js';

/** Small enough that the symptom decides; a ranking on the development data is the same from 0.01 to 0.3. */
const UNLINKED_SHARE = 0.1;
const MOST_SENTENCES = 8;

export interface Trouble extends Context {
  readonly losses: readonly Loss[];
  /** Where somebody suffers, by how much. */
  readonly symptoms: ReadonlyMap<string, number>;
  /** Milliseconds since 1970. */
  readonly firstSignAt: number;
}

export function rankCauses(trouble: Trouble): Cause[] {
  const { losses, graph, symptoms, firstSignAt } = trouble;
  const sizes = sizesOf(losses);
  const blame = blameFlow(sizes, graph, startsOf(symptoms, sizes, graph));
  const suffering = new Set([...sizes.keys(), ...symptoms.keys()]);
  const services = new Set([...sizes.keys(), ...blame.keys()]);
  const suspects = [...services].map((service) => {
    const { factor, sentences } = corroborate(service, trouble, firstSignAt);
    const own = losses.filter((loss) => loss.service === service).map(({ because }) => because);
    const evidence = [...position(service, suffering, graph), ...own, ...sentences].slice(0, MOST_SENTENCES);
    return { service, blame: (blame.get(service) ?? 0) * factor, evidence };
  });
  const total = suspects.reduce((sum, suspect) => sum + suspect.blame, 0);
  const lossOf = (service: string) => sizes.get(service) ?? 0;
  return suspects
    .sort((a, b) => b.blame - a.blame || lossOf(b.service) - lossOf(a.service))
    .map(({ service, blame: share, evidence }) => ({
      service,
      score: total === 0 ? 0 : Number((share / total).toFixed(3)),
      evidence,
    }));
}

/** The largest loss counts where a service has several. */
function sizesOf(losses: readonly Loss[]): Map<string, number> {
  const sizes = new Map<string, number>();
  for (const { service, size } of losses) sizes.set(service, Math.max(size, sizes.get(service) ?? 0));
  return sizes;
}

function startsOf(
  symptoms: ReadonlyMap<string, number>,
  sizes: ReadonlyMap<string, number>,
  graph: readonly Call[],
): Map<string, number> {
  const total = [...symptoms.values()].reduce((sum, weight) => sum + weight, 0);
  const below = [...downstream([...symptoms.keys()], graph)].filter((service) => sizes.has(service));
  const lostBelow = below.reduce((sum, service) => sum + (sizes.get(service) ?? 0), 0);
  const starts = new Map([...symptoms].map(([service, weight]) => [service, weight / (total || 1)]));
  for (const service of below) {
    const share = (UNLINKED_SHARE * (sizes.get(service) ?? 0)) / lostBelow;
    starts.set(service, (starts.get(service) ?? 0) + share);
  }
  return starts;
}

function position(service: string, suffering: ReadonlySet<string>, graph: readonly Call[]): string[] {
  const callers = graph.filter((call) => call.to === service && call.waits && suffering.has(call.from));
  const names = [...new Set(callers.map(({ from }) => from))];
  if (names.length === 0) return [];
  if (names.length === 1) return [`${names[0]} waits for ${service} and suffers too`];
  return [`${names.join(' and ')} wait for ${service} and suffer too`];
}
