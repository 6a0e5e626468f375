import { describe, expect, test } from 'vitest';
import fc from 'fast-check';
import type { Incident, IncidentSignal } from '../src/correlate/incident.js';
import { causesOf } from '../src/localize/localize.js';
import { suspicionsOf } from '../src/localize/suspicion.js';
import { personalisedPageRank } from '../src/localize/personalised-pagerank.js';
import { titleOf } from '../src/report/impact.js';
import { areConnected, topology } from '../src/topology.js';

function signal(signalId: string, matters: number, kind: IncidentSignal['kind'] = 'symptom'): IncidentSignal {
  const [service = ''] = signalId.split('/');
  const because = 'expected 0, seen 1';
  return {
    signalId,
    title: signalId,
    service,
    kind,
    since: 0,
    expected: 0,
    seen: 1,
    unusual: null,
    matters,
    confirmed: true,
    because,
    worst: 1,
    endedAt: null,
  };
}

function incident(...signals: IncidentSignal[]): Incident {
  return {
    id: 'i',
    state: 'open',
    openedAt: 0,
    closedAt: null,
    lastTroubleAt: 0,
    signals,
    novelties: [],
    timeline: [],
  };
}
const ranking = (...signals: IncidentSignal[]) =>
  causesOf(incident(...signals), topology, []).map(({ service }) => service);

describe('personalisedPageRank', () => {
  test('two nodes, one edge: the balance worked out by hand', () => {
    // a = 0.15 + 0.85 b (b is dead end, walks begin again at a), a + b = 1.
    const scores = personalisedPageRank(
      ['a', 'b'],
      (from, to) => (from === 'a' && to === 'b' ? 1 : 0),
      new Map([['a', 1]]),
    );
    expect(scores.get('a')).toBeCloseTo(1 / 1.85, 6);
    expect(scores.get('b')).toBeCloseTo(0.85 / 1.85, 6);
  });

  test('the scores of any graph are shares: not negative, together 1', () => {
    fc.assert(
      fc.property(
        fc.array(fc.array(fc.double({ min: 0, max: 9, noNaN: true }), { minLength: 4, maxLength: 4 }), {
          minLength: 4,
          maxLength: 4,
        }),
        (weights) => {
          const nodes = ['0', '1', '2', '3'];
          const scores = personalisedPageRank(
            nodes,
            (from, to) => weights[Number(from)]?.[Number(to)] ?? 0,
            new Map([['1', 2]]),
          );
          const values = [...scores.values()];
          expect(values.every((value) => value >= 0)).toBe(true);
          expect(values.reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 9);
        },
      ),
    );
  });
});

describe('the causes of a live incident', () => {
  test('an anomalous callee explains its callers, however loud they are', () => {
    expect(
      ranking(
        signal('replay/latency', 3),
        signal('flights-api/latency-p95', 50),
        signal('model-server/latency-p95', 3),
      ),
    ).toEqual(['model-server', 'flights-api', 'replay']);
  });

  test('a slow board with a healthy model is its own cause', () => {
    expect(ranking(signal('flights-api/latency-p95', 20), signal('replay/failure-rate', 4))).toEqual([
      'flights-api',
    ]);
  });

  test('what a caller says of its calls accuses the callee, even when the callee is silent', () => {
    const causes = causesOf(
      incident(signal('flights-api/circuit-state', 2), signal('flights-api/latency-p95', 3)),
      topology,
      [],
    );
    expect(causes[0]).toMatchObject({ service: 'model-server' });
    expect(causes[0]?.evidence).toContain(
      'flights-api says of its calls to model-server: flights-api/circuit-state: expected 0, seen 1',
    );
  });

  test('a log line accuses whom it names', () => {
    const template = 'risk is a base rate: the model server did not answer within <*> ms';
    const novelty = { at: 0, service: 'flights-api', severity: 'WARN' as const, templateId: 't', template };
    const blamed = { ...incident(signal('flights-api/circuit-state', 2)), novelties: [novelty] };
    expect(causesOf(blamed, topology, [])[0]?.evidence).toContain(
      `new WARN log line of flights-api: "${template}"`,
    );
  });

  test('of two equal suspects the one that was just changed comes first', () => {
    const equal = incident(signal('flights-api/latency-p95', 3), signal('aiops/latency-p95', 3));
    const changes = (service: string) => [{ service, at: -60_000, what: 'version 2 deployed' }];
    const first = (service: string) => causesOf(equal, topology, changes(service))[0];
    expect(first('aiops')).toMatchObject({ service: 'aiops', score: 0.7 });
    expect(first('flights-api')).toMatchObject({ service: 'flights-api', score: 0.7 });
    expect(first('aiops')?.evidence).toContain('changed 60 s before the first sign: version 2 deployed');
  });

  test('a change after the first sign, or an hour before, accuses nobody', () => {
    const slow = incident(signal('flights-api/latency-p95', 3), signal('aiops/latency-p95', 3));
    for (const at of [1, -3_600_000]) {
      const causes = causesOf(slow, topology, [{ service: 'aiops', at, what: 'version 2 deployed' }]);
      expect(causes.map(({ score }) => score)).toEqual([0.5, 0.5]);
    }
  });

  test('a callee that is asked less is no suspect', () => {
    expect(suspicionsOf([signal('model-server/request-rate', 9, 'traffic')], topology)).toEqual([]);
  });

  test('a feed that lags accuses the board, which nobody waits for otherwise', () => {
    expect(ranking(signal('model-server/feed-lag', 4, 'context'))).toEqual(['flights-api']);
  });
});

describe('titles', () => {
  test('the impact on travellers comes before what engineers see', () => {
    const degraded = { ...signal('flights-api/degraded-ratio', 4), worst: 0.234 };
    const signals = [signal('model-server/error-ratio', 9), degraded];
    expect(titleOf({ state: 'open', signals, timeline: [] })).toBe(
      'up to 23 % of departures get no model risk',
    );
  });

  test.each([
    ['flights-api/degraded-ratio', 'up to 100 % of departures got no model risk'],
    ['flights-api/latency-p95', 'one board update in twenty took 1 s or more at worst'],
    ['replay/up', 'no new departures arrived: the replay did not answer'],
  ])('what is over is told as past: %s', (signalId, title) => {
    expect(titleOf({ state: 'closed', signals: [signal(signalId, 4)], timeline: [] })).toBe(title);
  });

  test('a signal without an entry still has a title', () => {
    expect(titleOf({ state: 'open', signals: [signal('aiops/latency-p95', 2)], timeline: [] })).toBe(
      'aiops: aiops/latency-p95, expected 0, seen 1',
    );
  });
});

test('aiops observes the others and stands apart', () => {
  expect(areConnected(topology, 'replay', 'model-server')).toBe(true);
  expect(areConnected(topology, 'aiops', 'model-server')).toBe(false);
  expect(areConnected(topology, 'aiops', 'aiops')).toBe(true);
});
