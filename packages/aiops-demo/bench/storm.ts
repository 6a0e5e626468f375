/**
 * Makes alert storms whose truth is known: which trouble raised each alert, and where that trouble began.
 *
 * A storm is a random graph of 20 to 100 services in layers and one to four independent troubles that begin within ten minutes.
 * A trouble begins at one service and climbs to callers, 70 % of them, 5 to 60 s a call, at most four calls. Each service in trouble raises one
 * to three alerts, some 0 to 45 s later. Half of the symptoms' texts name the callee. One root in ten is silent. One alert in five flaps;
 * all firing ones are repeated. Arrivals are late by 5 s in the mean, one in twenty by one to three minutes, so their order
 * is not that of the troubles. A few alerts of single services belong to nothing. A service hit twice belongs to the first trouble.
 */
import type { Alert, CallGraph } from 'aiops-demo';

type Random = () => number;

export interface StormAlert {
  readonly alert: Alert;
  readonly arrivedAt: number;
  /** Index of the trouble that raised it. */
  readonly trouble: number;
}

export interface Storm {
  readonly graph: CallGraph;
  /** By arrival. */
  readonly alerts: readonly StormAlert[];
  /** Where each trouble began. */
  readonly roots: readonly string[];
}

const KINDS = ['HighLatency', 'HighErrorRate', 'QueueFull', 'NewErrorLogLine', 'SloBurnRate'];
const LAYERS = 5;
const BEGINS_WITHIN_MS = 600_000;
const SPREADS = 0.7;
const MOST_CALLS_UP = 4;
const SILENT_ROOT = 0.1;

export function makeStorm(random: Random): Storm {
  const between = (low: number, high: number) => low + random() * (high - low);
  const graph = makeGraph(Math.floor(between(20, 101)), random);
  const services = [...new Set(graph.flatMap(({ from, to }) => [from, to]))];
  const [alerts, roots, hit]: [StormAlert[], string[], Set<string>] = [[], [], new Set()];
  const wanted = Math.floor(between(1, 5));
  const alone = Math.floor(between(0, 4));
  for (let trouble = 0; trouble < wanted + alone; trouble += 1) {
    const free = services.filter((service) => !hit.has(service));
    const root = free[Math.floor(random() * free.length)];
    if (root === undefined) break;
    const begins = between(0, BEGINS_WITHIN_MS);
    const reached = trouble < wanted ? cascade(root, graph, hit, random) : new Map([[root, 0]]);
    const isSilent = trouble < wanted && reached.size > 1 && random() < SILENT_ROOT;
    for (const [service, delay] of reached) {
      hit.add(service);
      if (service === root && isSilent) continue;
      const named = graph.find(({ from, to }) => from === service && reached.has(to))?.to;
      alerts.push(...raise(service, named, begins + delay, trouble, random));
    }
    roots.push(root);
  }
  return { graph, roots, alerts: alerts.sort((a, b) => a.arrivedAt - b.arrivedAt) };
}

function makeGraph(size: number, random: Random): CallGraph {
  const layerOf = (index: number) => Math.floor((index * LAYERS) / size);
  const calls: { from: string; to: string; waits: boolean; toldBy: string[] }[] = [];
  for (let from = 0; from < size; from += 1) {
    const below = Array.from({ length: size }, (_, index) => index).filter(
      (to) => layerOf(to) > layerOf(from),
    );
    const callees = new Set(
      Array.from({ length: 1 + Math.floor(random() * 3) }, () => below[Math.floor(random() * below.length)]),
    );
    for (const to of callees) {
      if (to !== undefined) calls.push({ from: nameOf(from), to: nameOf(to), waits: true, toldBy: [] });
    }
  }
  return calls;
}

/** Fixed width, so that no name is part of another. */
function nameOf(index: number): string {
  return `service-${String(index).padStart(3, '0')}`;
}

/** Services a trouble reaches, with the delay of each. */
function cascade(
  root: string,
  graph: CallGraph,
  hit: ReadonlySet<string>,
  random: Random,
): Map<string, number> {
  const reached = new Map([[root, 0]]);
  let edge = [root];
  for (let calls = 0; calls < MOST_CALLS_UP; calls += 1) {
    const next: string[] = [];
    for (const { from, to } of graph) {
      if (!edge.includes(to) || reached.has(from) || hit.has(from) || random() >= SPREADS) continue;
      reached.set(from, (reached.get(to) ?? 0) + 5_000 + random() * 55_000);
      next.push(from);
    }
    edge = next;
  }
  return reached;
}

function raise(
  service: string,
  named: string | undefined,
  begins: number,
  trouble: number,
  random: Random,
): StormAlert[] {
  const count = 1 + Math.floor(random() * 3);
  const first = Math.floor(random() * KINDS.length);
  return Array.from({ length: count }, (_, index) => KINDS[(first + index) % KINDS.length] ?? '').flatMap(
    (name) => {
      const at = Math.round(begins + random() * 45_000);
      const hint = named !== undefined && random() < 0.5 ? `, calls to ${named} fail` : '';
      const alert: Alert = {
        fingerprint: `${service}/${name}`,
        source: 'alertmanager',
        service,
        name,
        text: `${name} at ${service}${hint}`,
        severity: 'warning',
        status: 'firing',
        at,
      };
      return tellings(alert, random).map((told) => ({ ...told, trouble }));
    },
  );
}

/** The first telling, repetitions, and for one in five its coming and going. */
function tellings(alert: Alert, random: Random): { alert: Alert; arrivedAt: number }[] {
  const late = () => (random() < 0.05 ? 60_000 + random() * 120_000 : -Math.log(1 - random()) * 5_000);
  const told = [{ alert, arrivedAt: alert.at + late() }];
  const times = Math.floor(random() * 6);
  const flaps = random() < 0.2;
  for (let time = 1; time <= times; time += 1) {
    const at = alert.at + time * 60_000;
    const status = flaps && time % 2 === 1 ? 'resolved' : 'firing';
    told.push({ alert: { ...alert, status, at: flaps ? at : alert.at }, arrivedAt: at + late() });
  }
  return told;
}
