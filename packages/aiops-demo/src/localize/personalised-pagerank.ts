/**
 * Personalised PageRank: where does a walker, sent out from the symptoms, end up?
 *
 * in: nodes, weights of the edges, where walks begin → out: a score for each node, together 1
 *
 * Rule: with probability 0.85 follow an edge, chosen by weight; otherwise (and where no edge leaves) begin again at a node
 * chosen by `starts`. The scores are the shares of time spent at each node.
 * A baseline here: the flow of blame (blame-flow.ts) asks the same question and is measured beside it by `npm run bench:rca`.
 * When it misleads: a node that many paths cross collects score without being a cause.
 * Source: Page, Brin, Motwani, Winograd 1999, section 6; for root causes MicroRCA (Wu et al., NOMS 2020).
 *
 *   personalisedPageRank(['a', 'b'], (from, to) => (from === 'a' && to === 'b' ? 1 : 0), new Map([['a', 1]]))
 *   // a: 0.540…, b: 0.459…
 */
const DAMPING = 0.85;
/** 0.85^100 is 9e-8: further steps change nothing that is shown. */
const STEPS = 100;

export function personalisedPageRank(
  nodes: readonly string[],
  weight: (from: string, to: string) => number,
  starts: ReadonlyMap<string, number>,
): Map<string, number> {
  const totalStart = nodes.reduce((sum, node) => sum + (starts.get(node) ?? 0), 0);
  const start = (node: string) =>
    totalStart === 0 ? 1 / nodes.length : (starts.get(node) ?? 0) / totalStart;
  const leaving = new Map(nodes.map((from) => [from, nodes.reduce((sum, to) => sum + weight(from, to), 0)]));
  let scores = new Map(nodes.map((node) => [node, start(node)]));
  for (let step = 0; step < STEPS; step += 1) {
    const followed = (from: string, to: string) => weight(from, to) / (leaving.get(from) || Infinity);
    const lost = nodes.reduce(
      (sum, node) => sum + (leaving.get(node) === 0 ? (scores.get(node) ?? 0) : 0),
      0,
    );
    const next = (to: string) =>
      nodes.reduce((sum, from) => sum + (scores.get(from) ?? 0) * followed(from, to), 0);
    const restart = 1 - DAMPING + DAMPING * lost;
    scores = new Map(nodes.map((node) => [node, DAMPING * next(node) + restart * start(node)]));
  }
  return scores;
}
