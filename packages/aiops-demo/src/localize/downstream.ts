/**
 * Downstream: the services themselves and all that they call, directly or not. A cause lies downstream of its symptom.
 *
 *   downstream(['board'], [{ from: 'board', to: 'model', … }]) // Set { 'board', 'model' }
 */
import type { CallGraph } from '../topology.js';

export function downstream(services: readonly string[], graph: CallGraph): Set<string> {
  const reached = new Set(services);
  // A set visits what is added while it is walked, so this is a breadth-first search.
  for (const service of reached) {
    for (const { from, to } of graph) if (from === service) reached.add(to);
  }
  return reached;
}
