/**
 * What a signal asks of the metrics: a question with two readings.
 *
 * The same small tree is rendered to PromQL (`promql.ts`) when Prometheus answers, and evaluated here
 * (`evaluate.ts`) when the services are scraped directly. It holds only what the signals need; PromQL itself is
 * far larger. The window is not part of the question: whoever asks chooses it, once for all signals.
 *
 * Patterns are regular expressions over the whole label value. Keep them to letters, `.`, `|`, `*` and escapes:
 * there RE2 (Prometheus) and JavaScript mean the same.
 */

/** Which values of one label are meant. A plain string means exactly that value. */
export type LabelMatcher = string | { matches: string } | { matchesNot: string };

/** The series of one metric whose labels match. */
export interface Selector {
  metric: string;
  where: Readonly<Record<string, LabelMatcher>>;
}

export type Query =
  /** The newest value; of several series the one chosen by `pick`. */
  | { kind: 'gauge'; of: Selector; pick: 'max' | 'min' }
  /** Increase of a counter, per second, summed over its series. */
  | { kind: 'rate'; of: Selector }
  /** Share of one counter's rate in another's; no `part` series yet means none of it happened. */
  | { kind: 'ratio'; part: Selector; whole: Selector }
  /** Quantile (0..1) of a classic histogram; `of` names its `_bucket` metric. */
  | { kind: 'quantile'; quantile: number; of: Selector };

/** Every metric name a question touches: what a scraper has to keep. */
export function metricsOf(query: Query): string[] {
  if (query.kind === 'ratio') return [query.part.metric, query.whole.metric];
  return [query.of.metric];
}
