/**
 * Blame flow: whoever lost no more than its callees passes the blame on; whoever lost more on its own account keeps it.
 *
 * in: losses, calls, where blame begins → out: a share of the blame for each service, together 1
 *
 * Rule: a caller that waits loses what its callees lose, so losses add up along the calls. A service's own loss is its loss minus
 * those of its callees, at least 0. It keeps own / loss of the blame that reaches it (at least 5 %), and the rest goes on to
 * its callees in proportion to their losses. What a service without a loss receives goes on whole.
 * When it misleads: callees asked in parallel, or by others too, lose more than they cost this caller, so they are blamed too readily;
 * a caller that retries, or that queues, loses more than its callees and keeps blame that is theirs.
 * Source: the walk is MonitorRank's (Kim, Sumbaly, Shah, SIGMETRICS 2013) made absorbing; own against total time is what
 * call-graph profilers account (gprof: Graham, Kessler, McKusick 1982).
 *
 *   blameFlow(new Map([['board', 10], ['model', 8]]), [{ from: 'board', to: 'model' }], new Map([['board', 1]]))
 *   // board keeps 2 of 10: Map { 'board' → 0.2, 'model' → 0.8 }
 */

/** A service keeps at least this share, so that blame comes to rest in a cycle and callers stay on the list. */
const LEAST_KEPT = 0.05;
/** What still moves after that many calls, 0.95^200 = 4e-5 of it, stays where it is. */
const MOST_CALLS = 200;

export interface BlamePath {
  readonly from: string;
  readonly to: string;
}

export function blameFlow(
  losses: ReadonlyMap<string, number>,
  calls: readonly BlamePath[],
  starts: ReadonlyMap<string, number>,
): Map<string, number> {
  const lossOf = (service: string) => losses.get(service) ?? 0;
  const callees = calleesInTrouble(losses, calls);
  const total = [...starts.values()].reduce((sum, weight) => sum + weight, 0);
  const kept = new Map<string, number>();
  let moving = new Map([...starts].map(([service, weight]) => [service, weight / total]));
  for (let step = 0; step < MOST_CALLS && moving.size > 0; step += 1) {
    const next = new Map<string, number>();
    for (const [service, blame] of moving) {
      const below = callees.get(service) ?? [];
      const lostBelow = below.reduce((sum, callee) => sum + lossOf(callee), 0);
      const keeps = below.length === 0 ? 1 : keptShare(lossOf(service), lostBelow);
      add(kept, service, blame * keeps);
      for (const callee of below) add(next, callee, (blame * (1 - keeps) * lossOf(callee)) / lostBelow);
    }
    moving = next;
  }
  for (const [service, blame] of moving) add(kept, service, blame);
  return kept;
}

/** The part of a service's loss that its callees do not explain. */
export function keptShare(loss: number, lostBelow: number): number {
  if (loss === 0) return lostBelow === 0 ? 1 : 0;
  return Math.max(LEAST_KEPT, 1 - lostBelow / loss);
}

function calleesInTrouble(
  losses: ReadonlyMap<string, number>,
  calls: readonly BlamePath[],
): Map<string, string[]> {
  const callees = new Map<string, string[]>();
  for (const { from, to } of calls) {
    if (from === to || !losses.has(to)) continue;
    const known = callees.get(from) ?? [];
    if (!known.includes(to)) callees.set(from, [...known, to]);
  }
  return callees;
}

function add(shares: Map<string, number>, service: string, share: number): void {
  if (share > 0) shares.set(service, (shares.get(service) ?? 0) + share);
}
