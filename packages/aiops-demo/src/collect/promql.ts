/**
 * Renders a question to PromQL, for Prometheus to answer.
 *
 * in: Query and window → out: PromQL text
 *
 * Rule: take the rate first, then the sum. `rate(sum(...))` would see every restart of one instance as a fall of
 * the total. A ratio whose part has no series yet is 0, not "no data": `or 0 * whole` says so.
 * Misleads when: the window holds fewer than two scrapes, because then `rate` has no answer at all. Keep the window
 * at four scrapes or more.
 * Source: https://prometheus.io/docs/prometheus/latest/querying/basics/ and .../querying/functions/ (2.42).
 *
 * Example: {kind: 'rate', of: {metric: 'x_total', where: {job: 'a'}}} over 15 s
 *          → sum(rate(x_total{job="a"}[15s]))
 */
import type { LabelMatcher, Query, Selector } from './query.js';

const METRIC_NAME = /^[a-zA-Z_:][a-zA-Z0-9_:]*$/;
const LABEL_NAME = /^[a-zA-Z_][a-zA-Z0-9_]*$/;

export function toPromql(query: Query, windowMs: number): string {
  const window = duration(windowMs);
  const rate = (of: Selector) => `rate(${selector(of)}[${window}])`;
  if (query.kind === 'gauge') return `${query.pick}(${selector(query.of)})`;
  if (query.kind === 'rate') return `sum(${rate(query.of)})`;
  if (query.kind === 'ratio') {
    const whole = `sum(${rate(query.whole)})`;
    return `(sum(${rate(query.part)}) or 0 * ${whole}) / ${whole}`;
  }
  return `histogram_quantile(${query.quantile}, sum by (le) (${rate(query.of)}))`;
}

/** One selector, for example `up{job="aiops"}`. */
export function selector(of: Selector): string {
  if (!METRIC_NAME.test(of.metric)) throw new Error(`toPromql: expected a metric name, got "${of.metric}"`);
  const matchers = Object.entries(of.where).map(([label, matcher]) => {
    if (!LABEL_NAME.test(label)) throw new Error(`toPromql: expected a label name, got "${label}"`);
    return label + matcherText(matcher);
  });
  return matchers.length === 0 ? of.metric : `${of.metric}{${matchers.join(',')}}`;
}

// PromQL takes Go's string escapes, and those include all that JSON writes.
function matcherText(matcher: LabelMatcher): string {
  if (typeof matcher === 'string') return `=${JSON.stringify(matcher)}`;
  if ('matches' in matcher) return `=~${JSON.stringify(matcher.matches)}`;
  return `!~${JSON.stringify(matcher.matchesNot)}`;
}

function duration(ms: number): string {
  if (!Number.isInteger(ms) || ms <= 0) throw new Error(`toPromql: expected a window in whole ms, got ${ms}`);
  return ms % 1_000 === 0 ? `${ms / 1_000}s` : `${ms}ms`;
}
