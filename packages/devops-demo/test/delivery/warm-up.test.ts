import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { analysisRun } from '../../src/delivery/analysis/analysis-run.js';
import { analyze } from '../../src/delivery/analyze.js';
import { measure } from '../../src/delivery/measure.js';
import type { Reading } from '../../src/delivery/measure.js';
import { WARM_UP, warmUpOf } from '../../src/delivery/warm-up.js';
import { measured, windowOf } from './canary-windows.js';

const NAME = 'http_server_request_duration_seconds';
const { leastAnswers, leastSeconds } = WARM_UP;

/** What a process says that has answered so many requests, `slow` of them in more than a tenth of a second. */
function reading(seconds: number, answers: number, started = 0, slow = 0): Reading {
  const labels = { http_route: '/v1/flights', http_response_status_code: '200' };
  return {
    seconds,
    values: [
      { metricName: `${NAME}_bucket`, labels: { ...labels, le: '0.1' }, value: answers - slow },
      { metricName: `${NAME}_bucket`, labels: { ...labels, le: '+Inf' }, value: answers },
      { metricName: `${NAME}_count`, labels, value: answers },
      { metricName: 'process_start_time_seconds', labels: {}, value: started },
      {
        metricName: 'nodejs_eventloop_lag_p99_seconds',
        labels: {},
        value: answers < leastAnswers ? 9 : 0.01,
      },
    ],
  };
}

const old = [reading(100, 5_000), reading(104, 5_700), reading(108, 6_400)];

describe('a version', () => {
  it('is warm from the reading on at which it has answered enough', () => {
    const young = [reading(100, 0), reading(104, leastAnswers - 1), reading(108, leastAnswers)];
    expect(warmUpOf(young, old)).toEqual({ from: 108, answers: leastAnswers, ...WARM_UP });
    expect(warmUpOf(young.slice(0, 2), old)).toMatchObject({ from: null, answers: leastAnswers - 1 });
  });

  it('is not warm before its time, however much it is asked', () => {
    const young = [0, leastSeconds - 1, leastSeconds, leastSeconds + 1].map((age) =>
      reading(100 + age, 10_000, 100),
    );
    expect(warmUpOf(young, old).from).toBe(100 + leastSeconds);
  });

  it('that does not say when it was started is believed', () => {
    const young = [{ ...reading(100, leastAnswers), values: reading(100, leastAnswers).values.slice(0, 3) }];
    expect(warmUpOf(young, old).from).toBe(100);
  });

  it('that was started again is cold again, the canary like the primary', () => {
    const restarted = [reading(100, 900), reading(104, 0, 103), reading(108, 80, 103)];
    expect(warmUpOf(restarted, old)).toMatchObject({ from: null, answers: 80 });
    expect(warmUpOf(old, restarted)).toMatchObject({ from: null, answers: 80 });
  });

  it('of which nothing is known is cold', () => {
    expect(warmUpOf([], old)).toMatchObject({ from: null, answers: 0 });
  });

  const growing = fc
    .array(fc.tuple(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 0, max: 300 })), { minLength: 1 })
    .map((steps) => {
      let [seconds, answers] = [0, 0];
      return steps.map(([later, more]) => reading((seconds += later), (answers += more)));
    });

  it('stays warm: every reading from then on is of a warm process, and the one before is not', () => {
    const property = () =>
      fc.assert(
        fc.property(growing, (readings) => {
          const { from } = warmUpOf(readings, readings);
          const isWarm = ({ seconds, values }: Reading) =>
            seconds >= leastSeconds && (values[2]?.value ?? 0) >= leastAnswers;
          return readings.every((one) => isWarm(one) === (from !== null && one.seconds >= from));
        }),
        { seed: 2001 },
      );
    expect(property).not.toThrow();
  });
});

describe('a window of a young process', () => {
  const young = [
    reading(100, 0),
    reading(104, leastAnswers, 0, 150),
    reading(108, leastAnswers + 80, 0, 150),
  ];
  const at = (warmFrom: number) =>
    measure({ version: '2', readings: young, newLogTemplates: [], restarts: 0, warmFrom });

  it('holds all its requests, and the speed of those that came when it was warm', () => {
    expect(at(104).requests).toBe(leastAnswers + 80);
    expect(at(104).latency).toEqual([
      { upToSeconds: 0.1, count: 80 },
      { upToSeconds: Infinity, count: 80 },
    ]);
    expect(at(104).saturation.eventLoopLagSeconds).toBe(0.01);
  });

  it('tells how memory grows when it was warm for half of it at least, for a moment is full of noise', () => {
    const rising = Array.from({ length: 21 }, (_, at) => ({
      seconds: 100 + at,
      values: [{ metricName: 'process_resident_memory_bytes', labels: {}, value: 1e8 + at * 3e6 }],
    }));
    const growthFrom = (warmFrom: number) =>
      measure({ version: '2', readings: rising, newLogTemplates: [], restarts: 0, warmFrom }).saturation
        .residentBytesPerSecond;
    expect([growthFrom(110), growthFrom(111), growthFrom(118)]).toEqual([3e6, null, null]);
  });

  it('holds no speed while it is cold', () => {
    expect(at(Infinity)).toMatchObject({
      requests: leastAnswers + 80,
      latency: [],
      saturation: { eventLoopLagSeconds: null, residentBytesPerSecond: null },
    });
  });
});

describe('a canary in its warm-up', () => {
  const warmUp = { from: null, answers: 62, ...WARM_UP };
  const slow = { shares: [0, 0, 0, 0.1, 1] };
  const cold = (change: Parameters<typeof measured>[1] = {}) => ({
    ...windowOf(measured(62, { ...slow, ...change })),
    warmUp,
  });

  it('is not judged by its speed, and says what it waits for', () => {
    const { kind, checks } = analyze(cold());
    expect(kind).toBe('inconclusive');
    const waiting = checks.filter(({ because }) => /^warming up: 62 of \d+ answers/.test(because));
    expect(waiting.map(({ check }) => check)).toEqual([
      'typical-latency',
      'tail-latency',
      'event-loop',
      'memory',
    ]);
    expect(checks.map(({ check }) => check)).toEqual(
      analyze(windowOf(measured(62))).checks.map(({ check }) => check),
    );
  });

  it.each([
    ['a death', { restarts: 1 }],
    ['failures', { failures: 20 }],
    ['a new error', { newLogTemplates: [{ template: 'cannot read <*>', severity: 'error', count: 12 }] }],
  ])('fails at once by %s', (_what, change) => {
    expect(analysisRun([cold(change)])).toMatchObject({ finished: true, verdict: { kind: 'fail' } });
  });

  it('that nobody asks is told to be without traffic, and ends like any other', () => {
    const silent = { ...windowOf(measured(0)), warmUp: { ...warmUp, answers: 0 } };
    const runs = Array.from({ length: 10 }, (_, at) =>
      analysisRun(Array.from({ length: at + 1 }, () => silent)),
    );
    expect(runs.map(({ finished }) => finished)).toEqual([...Array.from({ length: 9 }, () => false), true]);
    expect(runs.at(-1)?.verdict.because).toMatch(
      /^no answer after 10 windows: no request reached the canary/,
    );
  });

  it('whatever it does: a cold window is never a pass, and the run ends', () => {
    const anyWindow = fc.record({ requests: fc.nat(200), isCold: fc.boolean() });
    const property = () =>
      fc.assert(
        fc.property(fc.array(anyWindow, { minLength: 40, maxLength: 40 }), (drawn) => {
          const windows = drawn.map(({ requests, isCold }) => ({
            ...windowOf(measured(requests)),
            warmUp: { ...warmUp, from: isCold ? null : 0 },
          }));
          const runs = windows.map((_, at) => analysisRun(windows.slice(0, at + 1)));
          const end = runs.findIndex(({ finished }) => finished);
          return end >= 0 && (runs[end]?.verdict.kind !== 'pass' || !(drawn[end]?.isCold ?? true));
        }),
        { seed: 2001, numRuns: 100 },
      );
    expect(property).not.toThrow();
  });
});
