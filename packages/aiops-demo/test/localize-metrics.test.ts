import { describe, expect, test } from 'vitest';
import { excessErrors } from '../src/localize/excess-errors.js';
import { excessLatency } from '../src/localize/excess-latency.js';
import { certaintyOf, lossesOf } from '../src/localize/losses.js';
import type { MetricTable, Series, ServiceMetrics } from '../src/localize/metric-table.js';
import { rankByMetrics } from '../src/localize/rank-by-metrics.js';
import type { CallGraph } from '../src/topology.js';

const repeat = (value: number, times = 20): number[] => Array.from({ length: times }, () => value);
const metrics = (requests: Series, latencySeconds: Series, failedShare: Series): ServiceMetrics => ({
  requests,
  latencySeconds,
  failedShare,
});
/** Twenty intervals of a hundred requests, a tenth of a second each, none failed. */
const normal = metrics(repeat(100), repeat(0.1), repeat(0));
const call = (from: string, to: string) => ({ from, to, waits: true, toldBy: [] });

describe('excessLatency', () => {
  test('lost time is requests times the seconds above the median', () => {
    const excess = excessLatency(normal, metrics([50, 50], [0.3, 0.1], [0, 0]));
    expect(excess?.perInterval).toBeCloseTo(5, 9);
    expect(excess?.unusual).toBeCloseTo(0.2 / 0.002, 6);
    expect(excess).toMatchObject({ expected: 0.1, seen: 0.3 });
  });

  test('a heavy tail in normal time is no surprise later', () => {
    const tailed = metrics(repeat(100, 100), [...repeat(0.1, 90), ...repeat(0.5, 10)], repeat(0, 100));
    expect(excessLatency(tailed, metrics([100], [0.5], [0]))?.unusual).toBeCloseTo(2.33, 6);
  });

  test('an interval without a value is left out, not counted as zero', () => {
    const gap = excessLatency(normal, metrics([50, null, 50], [0.3, 0.9, null], [0, 0, 0]));
    expect(gap?.perInterval).toBeCloseTo(10, 9);
  });

  test('without normal values, or without values now, it cannot be judged', () => {
    expect(
      excessLatency(
        metrics(
          repeat(1),
          repeat(0).map(() => null),
          [],
        ),
        normal,
      ),
    ).toBeNull();
    expect(excessLatency(normal, metrics([0], [null], [null]))).toBeNull();
  });
});

describe('excessErrors', () => {
  test('four of a hundred where none failed is four Poisson spreads', () => {
    expect(excessErrors(normal, metrics([100], [0.1], [0.04]))).toEqual({
      perInterval: 4,
      unusual: 4,
      expected: 0,
      seen: 0.04,
    });
  });

  test('what usually fails is expected to fail', () => {
    const flaky = metrics(repeat(100), repeat(0.1), repeat(0.04));
    expect(excessErrors(flaky, metrics([100], [0.1], [0.04]))?.perInterval).toBeCloseTo(0, 9);
  });
});

test('certainty grows from one and a half to three spreads', () => {
  expect([-9, 1.5, 2.25, 3, 99].map(certaintyOf)).toEqual([0, 0, 0.5, 1, 1]);
});

describe('rankByMetrics', () => {
  const graph: CallGraph = [call('site', 'search'), call('site', 'pay'), call('search', 'table')];
  const usual: MetricTable = new Map(['site', 'search', 'pay', 'table'].map((name) => [name, normal]));
  const rank = (incident: MetricTable, kind: 'latency' | 'errors' = 'latency', known = usual) =>
    rankByMetrics({
      graph,
      normal: known,
      incident,
      symptom: { service: 'site', kind, at: 0 },
      changes: [],
      novelties: [],
    });

  test('three services wait for a slow table: the table is the cause, and the evidence has numbers', () => {
    const slow = metrics([100], [0.5], [0]);
    const [first, ...others] = rank(
      new Map([
        ['site', slow],
        ['search', slow],
        ['pay', normal],
        ['table', slow],
      ]),
    );
    expect(first?.service).toBe('table');
    expect(first?.evidence).toEqual([
      'search waits for table and suffers too',
      'answers took 500 ms, normally 100 ms (200 usual spreads); 40 s lost in each interval',
    ]);
    expect(others.map(({ service }) => service)).toEqual(['site', 'search']);
  });

  test('the louder callee that few requests meet is not the cause', () => {
    const causes = rank(
      new Map([
        ['site', metrics([100], [0.4], [0])],
        ['search', metrics([100], [0.38], [0])],
        ['pay', metrics([1], [3], [0])],
      ]),
    );
    expect(causes[0]?.service).toBe('search');
  });

  test('a call that was never made before is a change of its caller, and explains nothing', () => {
    const failing = metrics([100], [0.1], [0.2]);
    const incident = new Map([
      ['site', failing],
      ['search', failing],
      ['table', metrics([20], [0.1], [1])],
    ]);
    const known = new Map([...usual].filter(([service]) => service !== 'table'));
    const [first] = rank(incident, 'errors', known);
    expect(first?.service).toBe('search');
    expect(first?.evidence.at(-1)).toBe(
      'changed with the first sign: calls table, which it never called before',
    );
  });

  test('failures downstream explain a slow symptom when nothing downstream is slow', () => {
    const causes = rank(
      new Map([
        ['site', metrics([100], [0.9], [0])],
        ['pay', metrics([100], [0.1], [0.5])],
      ]),
    );
    expect(causes[0]?.service).toBe('pay');
  });

  test('more requests of the same speed are no loss', () => {
    expect(lossesOf(usual, new Map([['pay', metrics([5_000], [0.1], [0])]]), 'latency')).toEqual([]);
  });

  test('what happens at services that the symptom never asks stays out of the first place', () => {
    const causes = rank(
      new Map([['elsewhere', metrics([100], [9], [0])]]),
      'latency',
      new Map([['elsewhere', normal]]),
    );
    expect(causes.map(({ service, score }) => [service, score])).toEqual([
      ['site', 1],
      ['elsewhere', 0],
    ]);
  });
});
