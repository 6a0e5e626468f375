import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { answersWithin } from '../../../src/delivery/analysis/latency-buckets.js';
import { analyze } from '../../../src/delivery/analyze.js';
import { poolWindows } from '../../../src/delivery/analysis/pool-windows.js';
import { measured, windowOf } from '../canary-windows.js';

const kindOf = (window: Parameters<typeof analyze>[0], check: string) =>
  analyze(window).checks.find((result) => result.check === check)?.kind;

describe('the verdict', () => {
  it('is a pass when every check passes, with its numbers', () => {
    const verdict = analyze(windowOf(measured(1_000, { failures: 2 }), measured(9_000, { failures: 20 })));
    expect(verdict.kind).toBe('pass');
    expect(verdict.because).toBe('as good as the primary in all 9 checks');
    expect(verdict.checks.map(({ check, kind, because }) => [check, kind, because])).toEqual([
      [
        'success-rate',
        'pass',
        '0.2 % of 1000 canary requests failed, 0.2 % of 9000 at the primary: at most 0.5 points more are possible, 2.0 points are tolerated',
      ],
      [
        'typical-latency',
        'pass',
        "half of 1000 canary answers took at most 16.8 ms, of the primary's 16.8 ms; surely faster than a primary slowed by 25 % (slower in 42 of 100 pairs)",
      ],
      [
        'tail-latency',
        'pass',
        "slower than 50.0 ms: 1.0 % of 1000 canary answers, 1.0 % of the primary's: at most 0.9 points more are possible, 2.0 points are tolerated",
      ],
      ['event-loop', 'pass', 'event loop lag 0.004 s, primary 0.004 s, tolerated 0.050 s'],
      ['memory', 'pass', '100 MB, growing by 0.00 MB/s more than the primary'],
      ['new-log-templates', 'pass', 'no new warning or error in 1000 requests'],
      ['restarts', 'pass', "the canary's process did not die"],
      ['liveness', 'pass', 'the canary answers its probe'],
      ['traffic-mix', 'pass', 'the canary was asked for every route that the primary often is'],
    ]);
  });

  it('is a fail when one check fails, and tells why', () => {
    const verdict = analyze(windowOf(measured(100, { failures: 11 }), measured(400, { failures: 4 })));
    expect(verdict.kind).toBe('fail');
    expect(verdict.because).toBe(
      '11.0 % of 100 canary requests failed, 1.0 % of 400 at the primary: more than chance explains (p = 0.0000085), and more than the tolerated 2.0 points',
    );
  });

  it('is inconclusive on a small sample, and tells what it takes', () => {
    const { kind, because } = analyze(windowOf(measured(40)));
    expect(kind).toBe('inconclusive');
    expect(because).toContain('a pass takes 189 requests at least');
  });

  it.each([
    ['the canary', windowOf(measured(0))],
    ['the primary', windowOf(measured(500), measured(0))],
    ['either', windowOf(measured(0), measured(0))],
  ])('is inconclusive, with one reason, when no request reached %s', (_who, window) => {
    const { kind, because } = analyze(window);
    expect(kind).toBe('inconclusive');
    expect(because).toMatch(/^no request reached the (canary: send it traffic|primary)[^;]*$/);
  });

  it('never passes below the least sample, never fails for what both versions do alike', () => {
    const share = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 3_000 }), share, (requests, failing) => {
        const failures = Math.floor(requests * failing);
        const alike = windowOf(measured(requests, { failures }), measured(requests, { failures }));
        const { kind } = analyze(alike);
        expect(kind).not.toBe('fail');
        expect(kind === 'inconclusive' || requests >= 50).toBe(true);
      }),
    );
  });

  it('does not get better when more requests fail', () => {
    const order = ['fail', 'inconclusive', 'pass'];
    const verdictWith = (failures: number) =>
      order.indexOf(analyze(windowOf(measured(400, { failures }), measured(4_000, { failures: 20 }))).kind);
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 399 }), (failures) => {
        expect(verdictWith(failures + 1)).toBeLessThanOrEqual(verdictWith(failures));
      }),
    );
  });
});

describe('success rate', () => {
  it('fails at once when every one of five requests fails: the test is exact', () => {
    expect(kindOf(windowOf(measured(5, { failures: 5 })), 'success-rate')).toBe('fail');
  });

  it('does not blame the canary when both versions fail', () => {
    const window = windowOf(measured(1_000, { failures: 200 }), measured(9_000, { failures: 1_800 }));
    expect(kindOf(window, 'success-rate')).not.toBe('fail');
  });
});

describe('latency', () => {
  it('of all answers slower by half fails as typical latency', () => {
    // The primary's distribution, a lognormal with p50 15 ms, moved by half.
    const slower = measured(300, { shares: [0.08, 0.58, 0.95, 0.997, 1] });
    expect(kindOf(windowOf(slower), 'typical-latency')).toBe('fail');
  });

  it('of 7 in 100 answers beyond the p99 fails as tail latency, while the typical latency passes', () => {
    const tail = windowOf(measured(400, { shares: [0.25, 0.8, 0.93, 0.97, 1] }));
    expect(kindOf(tail, 'tail-latency')).toBe('fail');
    expect(kindOf(tail, 'typical-latency')).toBe('pass');
  });

  describe('of few milliseconds', () => {
    /** Half within `halfWithin` ms, nearly all within twice that. */
    const around = (requests: number, halfWithin: number) =>
      measured(requests, {
        latency: [0.5, 1, 1.5, 2, 20].map((times, at) => ({
          upToSeconds: (halfWithin * times) / 1_000,
          count: Math.round(requests * ([0.08, 0.5, 0.85, 0.99, 1][at] ?? 1)),
        })),
      });
    // Both on common bounds: the slower one's counts as they fall on the faster one's bounds, and on many more.
    const on = (bounds: number[], side: ReturnType<typeof around>) => ({
      ...side,
      latency: bounds.map((ms) => ({
        upToSeconds: ms / 1_000,
        count: answersWithin(side.latency, ms / 1_000),
      })),
    });
    const bounds = [1, 2, 3, 4, 5, 6, 7, 8, 10, 12, 16, 20, 200];
    const compared = (canary: number, primary: number) =>
      windowOf(on(bounds, around(1_000, canary)), on(bounds, around(9_000, primary)));

    it('may be slower by a third, which is one millisecond', () => {
      expect(kindOf(compared(4, 3), 'typical-latency')).toBe('pass');
    });

    it('may not be slower by as much as they take', () => {
      expect(kindOf(compared(8, 4), 'typical-latency')).toBe('fail');
    });

    it('tell the delay, not the factor', () => {
      const { checks } = analyze(compared(4, 3));
      expect(checks.find(({ check }) => check === 'typical-latency')?.because).toContain(
        'surely faster than a primary slowed by 2.00 ms',
      );
    });
  });

  it('is compared on the bounds that both versions have', () => {
    const other = measured(500, {
      latency: [
        { upToSeconds: 0.05, count: 495 },
        { upToSeconds: 0.07, count: 498 },
        { upToSeconds: Infinity, count: 500 },
      ],
    });
    expect(kindOf(windowOf(other), 'tail-latency')).toBe('pass');
  });

  it('without a bucket in common is inconclusive', () => {
    const other = measured(500, {
      latency: [
        { upToSeconds: 0.07, count: 498 },
        { upToSeconds: Infinity, count: 500 },
      ],
    });
    expect(kindOf(windowOf(other), 'tail-latency')).toBe('inconclusive');
  });
});

describe('saturation', () => {
  const saturated = (change: object) =>
    windowOf(measured(500, { saturation: { ...measured(1).saturation, ...change } }));

  it.each([
    ['a lag of 0.18 s', 'event-loop', { eventLoopLagSeconds: 0.18 }, 'fail'],
    ['a lag of 0.03 s', 'event-loop', { eventLoopLagSeconds: 0.03 }, 'pass'],
    ['no reading of the lag', 'event-loop', { eventLoopLagSeconds: null }, 'inconclusive'],
    ['100 MB that grow by 2 MB/s', 'memory', { residentBytesPerSecond: 2e6 }, 'fail'],
    ['100 MB that grow by 0.1 MB/s', 'memory', { residentBytesPerSecond: 1e5 }, 'pass'],
    ['no reading of the growth', 'memory', { residentBytesPerSecond: null }, 'inconclusive'],
  ])('%s: %s', (_what, check, change, expected) => {
    expect(kindOf(saturated(change), check)).toBe(expected);
  });

  it('a minute is needed to call growth a leak', () => {
    const { canary, primary } = saturated({ residentBytesPerSecond: 2e6 });
    expect(kindOf({ canary, primary, seconds: 30 }, 'memory')).toBe('inconclusive');
  });
});

describe('new log templates', () => {
  const saying = (severity: string, count: number) =>
    windowOf(measured(1_000, { newLogTemplates: [{ template: 'cannot parse <*>', severity, count }] }));

  it.each([
    ['one error, which chance explains', 'ERROR', 1, 'pass'],
    ['four errors: 0.1⁴', 'ERROR', 4, 'fail'],
    ['four errors as pino writes them', 'error', 4, 'fail'],
    ['four warnings in 1,000 requests', 'WARN', 4, 'pass'],
    ['forty warnings in 1,000 requests', 'WARN', 40, 'fail'],
    ['forty lines of information', 'INFO', 40, 'pass'],
  ])('%s', (_what, severity, count, expected) => {
    expect(kindOf(saying(severity, count), 'new-log-templates')).toBe(expected);
  });
});

describe('liveness', () => {
  const silent = (canary: number, primary = 0, seconds = 20) =>
    windowOf(measured(500, { silentSeconds: canary }), measured(9_000, { silentSeconds: primary }), seconds);

  it.each<[string, ReturnType<typeof silent>, string, string]>([
    ['has been silent for ten seconds', silent(12), 'fail', 'for 12 s, the primary has'],
    ['is silent since a moment', silent(3), 'inconclusive', 'for 3 s; 10 s are a fail'],
    ['is silent as the primary is', silent(12, 9), 'inconclusive', 'look at the machine they share'],
  ])('a canary that %s', (_what, window, kind, words) => {
    const { checks } = analyze(window);
    const found = checks.find(({ check }) => check === 'liveness');
    expect([found?.kind, found?.because]).toEqual([kind, expect.stringContaining(words)]);
  });

  it('adds up over windows, up to the last answer', () => {
    const kind = (...windows: ReturnType<typeof silent>[]) => kindOf(poolWindows(windows), 'liveness');
    expect(kind(silent(0, 0, 4), silent(3, 0, 4), silent(4, 0, 4), silent(4, 0, 4))).toBe('fail');
    expect(kind(silent(4, 0, 4), silent(4, 0, 4), silent(3, 0, 4)), 'it answered a while ago').toBe(
      'inconclusive',
    );
    expect(kind(silent(12), silent(0))).toBe('pass');
  });
});

describe('traffic mix', () => {
  const [list, depart, land, one] = [
    'GET /v1/flights',
    'POST /v1/flights',
    'PUT …/outcome',
    'GET …/:flightId',
  ];
  const primary = measured(9_000, {
    routes: [
      { route: list, requests: 4_500 },
      { route: depart, requests: 2_250 },
      { route: land, requests: 2_150 },
      { route: one, requests: 100 },
    ],
  });
  const asked = (requests: number, ...routes: string[]) =>
    windowOf(
      measured(requests, { routes: routes.map((route) => ({ route, requests: requests / routes.length })) }),
      primary,
    );

  it('a canary that met one kind of request only does not pass, and the words name the others', () => {
    const { kind, because } = analyze(asked(1_000, list));
    expect([kind, because]).toEqual([
      'inconclusive',
      "none of 1000 canary requests was POST /v1/flights (25.0 % of the primary's) or PUT …/outcome (23.9 % of the primary's): it has to meet what the primary is asked",
    ]);
  });

  it.each([
    ['met everything that makes up 2 % of the answers', asked(1_000, list, depart, land), 'pass'],
    ['missed a route of which five are to be expected', asked(21, list, depart), 'inconclusive'],
    ['missed a route of which fewer are to be expected', asked(20, list, depart), 'pass'],
    ['was asked for a route that is new', asked(1_000, list, depart, land, 'GET /v1/flights/new'), 'pass'],
    ['runs where routes are not counted', windowOf(measured(1_000), measured(9_000)), 'pass'],
  ])('a canary that %s', (_what, window, kind) => {
    expect(kindOf(window, 'traffic-mix')).toBe(kind);
  });

  it('adds up over windows', () => {
    const pooled = poolWindows([asked(500, list, depart), asked(500, land)]);
    expect(kindOf(pooled, 'traffic-mix')).toBe('pass');
    expect(kindOf(poolWindows([asked(500, list), asked(500, depart)]), 'traffic-mix')).toBe('inconclusive');
  });
});

describe('restarts', () => {
  it('one death of the canary fails, even without traffic', () => {
    expect(analyze(windowOf(measured(0, { restarts: 1 }))).kind).toBe('fail');
  });

  it('a death of both is the machine to look at', () => {
    const both = windowOf(measured(500, { restarts: 1 }), measured(5_000, { restarts: 1 }));
    expect(kindOf(both, 'restarts')).toBe('inconclusive');
  });
});
