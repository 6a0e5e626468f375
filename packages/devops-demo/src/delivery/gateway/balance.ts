/**
 * Balance: which backend is next?
 *
 * in: weights, and what each backend is owed → out: the name of the next one
 *
 * Rule: smooth weighted round robin. Before each choice every backend is owed its weight more; the one that is owed most is chosen and
 * pays the sum of all weights. In any 100 requests each has exactly its per cent, spread as evenly as can be: a canary at 5 %
 * gets each twentieth request, not five in a row. No dice, so that a small sample is no unlucky one.
 * When it misleads: with a periodic traffic the rhythm of the choice can follow its period, so that one version sees only one kind of request.
 * Source: nginx, ngx_http_upstream_round_robin.c, commit 52327e0 "Upstream: smooth weighted round-robin balancing" (2012).
 *
 *   const owed = new Map(); // weights a 5, b 1, c 1, as in that commit
 *   // seven choices: a a b a c a a
 */
export interface Weighted {
  readonly name: string;
  readonly weight: number;
}

/** Chooses, and notes in `owed` what it means for the next choice. Undefined when nobody has a weight. */
export function nextBackend<B extends Weighted>(
  backends: readonly B[],
  owed: Map<string, number>,
): B | undefined {
  let chosen: B | undefined;
  let total = 0;
  for (const backend of backends) {
    if (backend.weight <= 0) continue;
    total += backend.weight;
    owed.set(backend.name, (owed.get(backend.name) ?? 0) + backend.weight);
    if (chosen === undefined || (owed.get(backend.name) ?? 0) > (owed.get(chosen.name) ?? 0))
      chosen = backend;
  }
  if (chosen !== undefined) owed.set(chosen.name, (owed.get(chosen.name) ?? 0) - total);
  return chosen;
}
