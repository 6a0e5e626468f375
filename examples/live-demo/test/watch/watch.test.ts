import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readSamples } from 'service-chassis/exposition';
import { quantileOf, seriesOf } from '../../src/watch/exposition.js';
import { narrate } from '../../src/watch/narrate.js';
import type { Incident, Observation, Signal } from '../../src/watch/observation.js';
import { formatLine } from '../../src/watch/print.js';
import { summarise } from '../../src/watch/summary.js';
import type { RunFacts } from '../../src/watch/summary.js';
import { createTally } from '../../src/watch/tally.js';

const nothing: Observation = { at: 0, counts: {} };
const incident: Incident = {
  id: 'inc-1',
  state: 'open',
  title: 'departures get no model risk',
  openedAt: '2026-11-24T00:28:18.747Z',
  closedAt: null,
  causes: [
    { service: 'model-server', score: 0.7 },
    { service: 'flights-api', score: 0.3 },
  ],
};
const signal: Signal = {
  id: 's',
  service: 'flights-api',
  title: 'Errors',
  state: 'normal',
  because: 'as ever',
};

describe('narrate', () => {
  const texts = (before: Partial<Observation>, now: Partial<Observation>): string[] =>
    narrate({ ...nothing, ...before }, { ...nothing, at: 2_000, ...now }).map(
      ({ kind, text }) => `${kind}: ${text}`,
    );

  it('tells a departure with its risk and where the risk comes from', () => {
    const latest = {
      flightId: 'JFK-ORD-1',
      origin: 'JFK',
      destination: 'ORD',
      departedAt: '2001-02-01T08:15:00-05:00',
      risk: { probability: 0.341, source: 'model', degraded: false, modelVersion: 'v1' },
    };
    expect(texts({}, { latest })).toEqual([
      'departure: 02-01 13:15 UTC  JFK → ORD  late risk  34 %  model v1',
    ]);
    const inTheWest = { ...latest, departedAt: '2001-02-01T05:15:00-08:00' };
    expect(texts({}, { latest: inTheWest })[0]).toContain('02-01 13:15 UTC');
    const degraded = { ...latest, risk: { ...latest.risk, degraded: true, modelVersion: null } };
    expect(texts({}, { latest: degraded })[0]).toContain('base rate, degraded');
    expect(texts({ latest }, { latest })).toEqual([]);
  });

  it('tells an incident when it opens, when its first suspect changes and when it closes, and not in between', () => {
    const other = { ...incident, causes: [{ service: 'flights-api', score: 1 }] };
    const closedAt = '2026-11-24T00:29:12.758Z';
    const title = 'departures got no model risk';
    const closed = { ...incident, state: 'closed' as const, title, closedAt };
    expect(texts({ incidents: [] }, { incidents: [incident] })).toEqual([
      'incident: opened: departures get no model risk. First suspect: model-server',
    ]);
    expect(texts({ incidents: [incident] }, { incidents: [incident] })).toEqual([]);
    expect(texts({ incidents: [other] }, { incidents: [incident] })[0]).toContain(
      'first suspect now: model-server',
    );
    expect(texts({ incidents: [incident] }, { incidents: [closed] })).toEqual([
      'incident: closed: departures got no model risk. Cause: model-server',
    ]);
  });

  it('tells a release of the board and one of the model, each once', () => {
    const board = { version: '0.1.0', commit: '0123456789abcdef' };
    const seen = { board, model: { version: 'm1' } };
    expect(texts({}, seen)).toEqual([
      'release: flights-api 0.1.0 of commit 0123456789ab serves',
      'release: model m1 serves',
    ]);
    expect(texts(seen, seen)).toEqual([]);
    expect(texts(seen, { board: { ...board, version: '0.2.0' }, model: { version: 'm2' } })).toEqual([
      'release: flights-api 0.2.0 of commit 0123456789ab serves (before: 0.1.0)',
      'release: model m2 serves (before: m1)',
    ]);
  });

  it('tells a canary by its share of the traffic, and its end with the reason', () => {
    const stages = (share: [string, string], release: [string, string]) => ({
      delivery: [
        { name: 'shift-traffic', state: share[0], because: share[1] },
        { name: 'release', state: release[0], because: release[1] },
      ],
    });
    const none = stages(
      ['skipped', 'no release yet: one version answers everything'],
      ['skipped', 'no release yet'],
    );
    const looking = ['running', '0.2.0 after 0.1.0, observing: 60 requests so far'] as [string, string];
    const first = stages(['running', '0.2.0 gets 5 % of the requests, step 1 of 4'], looking);
    const second = stages(
      ['running', '0.2.0 gets 5 % of the requests, step 1 of 4'],
      ['running', '0.2.0 after 0.1.0, observing: 120 requests so far'],
    );
    const back = stages(
      ['failed', '0.2.0 gets 0 % of the requests: 0.1.0 gets them all again'],
      ['failed', '0.2.0 was taken back: its answers are slower'],
    );
    expect(texts(none, first)).toEqual(['release: canary: 0.2.0 gets 5 % of the requests, step 1 of 4']);
    expect(texts(first, second)).toEqual([]);
    expect(texts(second, back)).toEqual([
      'release: canary over: 0.2.0 was taken back: its answers are slower',
    ]);
    expect(texts(back, back)).toEqual([]);
    expect(texts({}, back)).toEqual([]);
  });

  it('is silent about incidents of earlier runs', () => {
    expect(texts({}, { incidents: [{ ...incident, state: 'closed' }] })).toEqual([]);
  });

  it('tells an anomaly when it begins and when it ends', () => {
    const strange: Signal = { ...signal, state: 'anomalous', because: 'expected 0 %, seen 100 %' };
    expect(texts({ signals: [signal] }, { signals: [strange] })).toEqual([
      'anomaly: flights-api Errors: expected 0 %, seen 100 %',
    ]);
    expect(texts({ signals: [strange] }, { signals: [signal] })).toEqual([
      'anomaly: flights-api Errors: back to normal',
    ]);
  });

  it('a replay that is "3 s behind" and then "4 s behind" is one piece of news', () => {
    const replay = { simulatedTime: '', flights: 1, outcomes: 0, state: 'replaying', because: '3 s behind' };
    expect(texts({ replay }, { replay: { ...replay, because: '4 s behind' } })).toEqual([]);
    expect(texts({ replay }, { replay: { ...replay, because: 'on time' } })).toEqual([
      'replay: replaying: on time',
    ]);
  });

  it('without colour a line still says its kind', () => {
    const at = new Date(2026, 10, 24, 9, 5, 7);
    expect(formatLine({ kind: 'incident', text: 'opened' }, at, false)).toBe('09:05:07  incident   opened');
    expect(formatLine({ kind: 'incident', text: 'opened' }, at, true)).toContain('incident');
  });
});

describe('exposition', () => {
  const text = `# HELP requests_seconds latency
requests_seconds_bucket{le="0.1",route="/a"} 50
requests_seconds_bucket{le="0.5",route="/a"} 90
requests_seconds_bucket{le="+Inf",route="/a"} 100
requests_seconds_bucket{le="0.1",route="/b"} 0
requests_seconds_bucket{le="+Inf",route="/b"} 10
hits_total{source="model"} 3
hits_total{source="base-rate"} 4.5
up 1
`;

  it('gives each series that matches by its labels', () => {
    const samples = readSamples(text);
    expect(seriesOf(samples, 'hits_total')).toEqual({ 'source=model': 3, 'source=base-rate': 4.5 });
    expect(seriesOf(samples, 'hits_total', { source: 'model' })).toEqual({ 'source=model': 3 });
    expect(seriesOf(samples, 'up')).toEqual({ '': 1 });
    expect(seriesOf(samples, 'missing_total')).toEqual({});
  });

  it('the order of labels makes no other series of one', () => {
    const one = seriesOf(readSamples('hits{a="1",b="2"} 3'), 'hits');
    expect(seriesOf(readSamples('hits{b="2",a="1"} 3'), 'hits')).toEqual(one);
  });

  it('a quantile is what PromQL’s histogram_quantile says', () => {
    const samples = readSamples(text);
    // rank 70 of 100 lies in (0.1, 0.5], half way between 50 and 90
    expect(quantileOf(samples, 'requests_seconds', 0.7, { route: '/a' })).toBeCloseTo(0.3, 10);
    expect(quantileOf(samples, 'requests_seconds', 0.25, { route: '/a' })).toBeCloseTo(0.05, 10);
    expect(quantileOf(samples, 'requests_seconds', 0.95, { route: '/a' })).toBe(0.5);
    expect(quantileOf(samples, 'requests_seconds', 0.5, { route: '/c' })).toBeUndefined();
  });
});

describe('tally', () => {
  const predictionsOver = (...looks: (Record<string, number> | undefined)[]): number => {
    const tally = createTally();
    for (const predictions of looks) tally.add({ counts: predictions === undefined ? {} : { predictions } });
    return tally.totals().predictions;
  };

  it('goes on counting when a restarted service begins at 0 again', () => {
    expect(predictionsOver({ v1: 10 }, { v1: 25 }, { v1: 4 }, { v1: 9 }, undefined)).toBe(34);
  });

  it('a challenger whose series goes away takes nothing along, and counts nobody again', () => {
    const withChallenger = { v1: 28_962, v2: 700 };
    expect(predictionsOver({ v1: 28_962 }, withChallenger, { v1: 28_962 }, { v1: 34_000 })).toBe(34_700);
  });

  it('a restart amid that counts what came before and after', () => {
    // The sums are 28962, 29662, 28962, 0, 34000.
    const looks = [{ v1: 28_962 }, { v1: 28_962, v2: 700 }, { v1: 28_962 }, { v1: 0 }, { v1: 34_000 }];
    expect(predictionsOver(...looks)).toBe(63_662);
  });

  it('a series that was silent for a look goes on where it was', () => {
    expect(predictionsOver({ blue: 10, green: 5 }, { green: 6 }, { blue: 12, green: 7 })).toBe(19);
  });

  it('a counter that restarts at random places is counted whole', () => {
    const series = fc.array(fc.array(fc.nat(1_000), { minLength: 1 }), { maxLength: 6 });
    fc.assert(
      fc.property(series, (lives) => {
        const sorted = lives.map((life) => [0, ...life.toSorted((a, b) => a - b)]);
        const truth = sorted.reduce((sum, life) => sum + (life.at(-1) ?? 0), 0);
        expect(predictionsOver(...sorted.flat().map((v1) => ({ v1 })))).toBe(truth);
      }),
    );
  });
});

describe('summary', () => {
  const facts: RunFacts = {
    modelDays: [],
    last: {
      at: 0,
      counts: {},
      replay: {
        simulatedTime: '2001-02-01T13:00:00Z',
        flights: 900,
        outcomes: 80,
        state: 'replaying',
        because: '',
      },
      incidents: [incident, { ...incident, id: 'old', openedAt: '2026-11-20T00:00:00Z' }],
      model: { version: 'v1' },
    },
    totals: {
      predictions: 900,
      modelAnswers: 900,
      baseRateAnswers: 0,
      boardErrors: 0,
      metricsScraped: 10,
      logLines: 20,
      anomalies: 0,
      p95LatencyMs: 12.5,
    },
    beganAt: Date.parse('2026-11-24T00:27:00Z'),
    startupSeconds: 17.123,
    ranSeconds: 60,
    wantedSeconds: 60,
    stoppedBy: undefined,
    problems: [],
    failures: [],
    memoryMb: new Map([['aiops', 90]]),
    peakMemoryMb: 90,
    faults: [],
  };

  it('a good run has no reasons, and only incidents of its own', () => {
    expect(summarise(facts)).toMatchObject({
      ok: true,
      exitReasons: [],
      flightsReplayed: 900,
      startupSeconds: 17.1,
      incidents: [{ id: 'inc-1', firstCause: 'model-server' }],
    });
  });

  it.each<[string, Partial<RunFacts>]>([
    ['flights never flowed', { startupSeconds: undefined }],
    ['aiops ended by itself', { failures: ['aiops ended by itself'] }],
    ['the board answered 3 requests with 5xx', { totals: { ...facts.totals, boardErrors: 3 } }],
    ['stopped by Ctrl-C after 12 of 60 s', { stoppedBy: 'Ctrl-C', ranSeconds: 12.9 }],
    ['no flight reached the board', { last: nothing }],
  ])('"%s" makes it a bad one', (reason, change) => {
    expect(summarise({ ...facts, ...change })).toMatchObject({ ok: false, exitReasons: [reason] });
  });

  const slowModel = {
    name: 'slow-model',
    where: 'model-server',
    startedAt: new Date(Date.parse(incident.openedAt) - 9_000).toISOString(),
    endedAt: new Date(Date.parse(incident.openedAt) + 21_000).toISOString(),
  };
  const closedAt = new Date(Date.parse(incident.openedAt) + 41_500).toISOString();

  it('a fault is told with what noticed it, after how long, and when it was over', () => {
    const incidents = [{ ...incident, state: 'closed' as const, closedAt }];
    const { faults } = summarise({ ...facts, last: { ...facts.last, incidents }, faults: [slowModel] });
    expect(faults).toEqual([
      { ...slowModel, noticedAfterSeconds: 9, namedFirst: 'model-server', closedAfterSeconds: 20.5 },
    ]);
  });

  it('an incident that was open before the fault did not notice it', () => {
    const later = { ...slowModel, startedAt: closedAt, endedAt: null };
    expect(summarise({ ...facts, faults: [later] }).faults).toEqual([
      { ...later, noticedAfterSeconds: null, namedFirst: null, closedAfterSeconds: null },
    ]);
  });

  it('Ctrl-C without --for is a good end', () => {
    expect(summarise({ ...facts, wantedSeconds: undefined, stoppedBy: 'Ctrl-C' }).ok).toBe(true);
  });
});
