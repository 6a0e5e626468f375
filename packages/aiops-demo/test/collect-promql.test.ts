import { expect, test } from 'vitest';
import { selector, toPromql } from '../src/collect/promql.js';

test('a rate is summed after it is taken', () => {
  const query = { kind: 'rate', of: { metric: 'x_total', where: { job: 'a' } } } as const;
  expect(toPromql(query, 15_000)).toBe('sum(rate(x_total{job="a"}[15s]))');
});

test('a window that is not whole seconds is written in milliseconds', () => {
  expect(toPromql({ kind: 'rate', of: { metric: 'x_total', where: {} } }, 2_500)).toBe(
    'sum(rate(x_total[2500ms]))',
  );
});

test('quotes, backslashes and line ends in a label value are escaped', () => {
  expect(selector({ metric: 'x', where: { path: 'C:\\"a"\n' } })).toBe(String.raw`x{path="C:\\\"a\"\n"}`);
});

test('a name that is none is refused before Prometheus sees it', () => {
  expect(() => selector({ metric: 'x y', where: {} })).toThrow('toPromql: expected a metric name, got "x y"');
  expect(() => selector({ metric: 'x', where: { 'a-b': '1' } })).toThrow('expected a label name, got "a-b"');
  expect(() => toPromql({ kind: 'rate', of: { metric: 'x', where: {} } }, 0.5)).toThrow('whole ms, got 0.5');
});
