/**
 * Whether the labels of a series are the ones that are asked for.
 *
 * Rule: all matchers must hold. A label that is not there counts as the empty string. A pattern must match the whole value.
 * Source: https://prometheus.io/docs/prometheus/latest/querying/basics/#time-series-selectors (2.42).
 *
 * Example: {status: '503'} against {status: {matches: '5..'}} → true
 */
import type { Labels } from './exposition-labels.js';
import type { LabelMatcher, Selector } from './query.js';

export function matches(labels: Labels, where: Selector['where']): boolean {
  return Object.entries(where).every(([label, matcher]) => holds(labels.get(label) ?? '', matcher));
}

function holds(value: string, matcher: LabelMatcher): boolean {
  if (typeof matcher === 'string') return value === matcher;
  if ('matches' in matcher) return wholly(matcher.matches).test(value);
  return !wholly(matcher.matchesNot).test(value);
}

/** Compiled once: the list of signals is fixed, so this cannot grow without end. */
const compiled = new Map<string, RegExp>();

function wholly(pattern: string): RegExp {
  const known = compiled.get(pattern) ?? new RegExp(`^(?:${pattern})$`, 's');
  compiled.set(pattern, known);
  return known;
}
