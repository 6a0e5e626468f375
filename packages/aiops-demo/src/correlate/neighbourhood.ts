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
}

export function neighbourhoodOf(graph: CallGraph): Neighbourhood {
  const waiting = graph.filter(({ waits }) => waits);
  return {
    callees: remembered(adjacency(waiting.map(({ from, to }) => [from, to]))),
    callers: remembered(adjacency(waiting.map(({ from, to }) => [to, from]))),
  };
}

function adjacency(pairs: readonly (readonly [string, string])[]): Map<string, string[]> {
  const next = new Map<string, string[]>();
  for (const [from, to] of pairs) {
    const known = next.get(from);
    if (known === undefined) next.set(from, [to]);
    else known.push(to);
  }
  return next;
}

function remembered(next: ReadonlyMap<string, readonly string[]>) {
  const known = new Map<string, ReadonlyMap<string, number>>();
  const none: ReadonlyMap<string, number> = new Map();
  return (service: string): ReadonlyMap<string, number> => {
    if (!next.has(service)) return none;
    const found = known.get(service) ?? within(service, next);
    known.set(service, found);
    return found;
  };
}

function within(service: string, next: ReadonlyMap<string, readonly string[]>): Map<string, number> {
  const found = new Map<string, number>();
  let edge = [service];
  for (let calls = 1; calls <= FURTHEST_CALLS; calls += 1) {
    const reached = new Set(edge.flatMap((from) => next.get(from) ?? []));
    edge = [...reached].filter((other) => other !== service && !found.has(other));
    for (const other of edge) found.set(other, calls);
  }
  return found;
}
