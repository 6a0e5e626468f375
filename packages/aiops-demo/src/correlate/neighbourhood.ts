/**
 * Neighbourhood: which services does a service wait for, and who waits for it, within two calls?
 *
 * in: CallGraph → out: for each service its callees and callers, with the number of calls between
 *
 * Rule: only calls whose caller waits pass trouble on. Two calls, because the service between may have no alert of its own.
 * When it misleads: a hub that everybody calls is everybody's neighbour.
 *
 *   neighbourhoodOf(topology).callees('replay') // Map { 'flights-api' → 1, 'model-server' → 2 }
 */
import type { CallGraph } from '../topology.js';

const FURTHEST_CALLS = 2;

export interface Neighbourhood {
  callees(service: string): ReadonlyMap<string, number>;
  callers(service: string): ReadonlyMap<string, number>;
  /** Services that wait for one of the services this one waits for. */
  siblings(service: string): ReadonlySet<string>;
}

type Calls = ReadonlyMap<string, readonly string[]>;

export function neighbourhoodOf(graph: CallGraph): Neighbourhood {
  const waiting = graph.filter(({ waits }) => waits);
  const down = adjacency(waiting.map(({ from, to }) => [from, to]));
  const up = adjacency(waiting.map(({ from, to }) => [to, from]));
  const directSiblings = (service: string) => {
    const callers = (down.get(service) ?? []).flatMap((callee) => up.get(callee) ?? []);
    return new Set(callers.filter((other) => other !== service));
  };
  return {
    callees: remembered((service) => within(service, down)),
    callers: remembered((service) => within(service, up)),
    siblings: remembered(directSiblings),
  };
}

function adjacency(pairs: readonly (readonly [string, string])[]): Calls {
  const next = new Map<string, string[]>();
  for (const [from, to] of pairs) {
    const known = next.get(from);
    if (known === undefined) next.set(from, [to]);
    else known.push(to);
  }
  return next;
}

/** The graph does not change, so each answer is worked out once. */
function remembered<Answer>(answer: (service: string) => Answer): (service: string) => Answer {
  const known = new Map<string, Answer>();
  return (service) => {
    const found = known.get(service) ?? answer(service);
    known.set(service, found);
    return found;
  };
}

function within(service: string, next: Calls): Map<string, number> {
  const found = new Map<string, number>();
  let edge: readonly string[] = [service];
  for (let calls = 1; calls <= FURTHEST_CALLS; calls += 1) {
    const reached: string[] = [];
    for (const from of edge) {
      for (const other of next.get(from) ?? []) {
        if (other === service || found.has(other)) continue;
        found.set(other, calls);
        reached.push(other);
      }
    }
    edge = reached;
  }
  return found;
}
