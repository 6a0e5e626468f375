/**
 * Text similarity: how many words do two texts share?
 *
 * in: two texts → out: 0 to 1
 *
 * Rule: Jaccard index of their sets of words; `HighErrorRate` is three words, numbers are none.
 * When it misleads: two alerts of one rule are alike whatever their causes.
 * Source: Jaccard 1901.
 *
 *   textSimilarity('HighErrorRate', 'high latency') // 'high' of high, error, rate, latency: 0.25
 */
export function textSimilarity(one: string, other: string): number {
  const [a, b] = [wordsOf(one), wordsOf(other)];
  const shared = [...a].filter((word) => b.has(word)).length;
  const all = a.size + b.size - shared;
  return all === 0 ? 0 : shared / all;
}

function wordsOf(text: string): Set<string> {
  const apart = text.replaceAll(/([a-z])([A-Z])/g, '$1 $2').toLowerCase();
  return new Set(apart.match(/[a-z]{2,}/g));
}
