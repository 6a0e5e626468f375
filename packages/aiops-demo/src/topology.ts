/**
 * The call graph, as data: who asks whom, who waits for the answer, and which signals tell how such calls go.
 *
 * A caller that waits inherits the failures of what it calls, so blame walks along these calls. A caller that
 * does not wait (a feed read in the background) passes blame on only when a signal says that very call fails.
 * Services that only observe (the control room, aiops itself) stand apart.
 */
export interface Call {
  readonly from: string;
  readonly to: string;
  /** Does the caller's own answer depend on this call? */
  readonly waits: boolean;
  /** Signals measured at the caller that tell how this call goes. */
  readonly toldBy: readonly string[];
}

export type CallGraph = readonly Call[];

export const topology: CallGraph = [
  { from: 'replay', to: 'flights-api', waits: true, toldBy: ['replay/failure-rate'] },
  {
    from: 'flights-api',
    to: 'model-server',
    waits: true,
    toldBy: [
      'flights-api/circuit-state',
      'flights-api/model-call-failure-ratio',
      'flights-api/degraded-ratio',
    ],
  },
  { from: 'model-server', to: 'flights-api', waits: false, toldBy: ['model-server/feed-lag'] },
];

/** Are two services the same, or joined by calls in either direction? `areConnected(topology, 'replay', 'model-server')` is true. */
export function areConnected(graph: CallGraph, one: string, other: string): boolean {
  const reached = new Set([one]);
  // A set visits what is added while it is walked, so this is a breadth-first search.
  for (const service of reached) {
    for (const { from, to } of graph) {
      if (from === service) reached.add(to);
      if (to === service) reached.add(from);
    }
  }
  return reached.has(other);
}
