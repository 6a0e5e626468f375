import { expect, test } from 'vitest';
import type { LogRecord } from '../src/log-record.js';
import { createMemory } from '../src/memory.js';
import { runPipeline } from '../src/pipeline.js';
import { signals } from '../src/signals.js';
import type { CallGraph } from '../src/topology.js';
import { SAMPLING } from './simulation.js';

/** One signal, one call, one log line: small enough to check every intermediate by hand. */
const CIRCUIT = 'flights-api/circuit-state';
const graph: CallGraph = [{ from: 'flights-api', to: 'model-server', waits: true, toldBy: [CIRCUIT] }];
const circuitOnly = signals.filter(({ id }) => id === CIRCUIT);
const START = Date.parse('2026-01-01T00:00:00Z');
const SINCE = '2026-01-01T00:00:30.000Z';
const BECAUSE = `expected 0, seen 1, it never varied before, since ${SINCE}`;

const log = (second: number, severity: LogRecord['severity'], body: string): LogRecord => ({
  at: START + second * 1_000,
  service: 'flights-api',
  severity,
  body,
});

test('from samples and log lines to an incident with a cause, every intermediate a literal', () => {
  const memory = createMemory(circuitOnly, SAMPLING, START);
  const logs = new Map([
    [0, [log(0, 'INFO', 'listening on http://127.0.0.1:8081')]],
    [36, [log(36, 'WARN', 'circuit to model-server opened after 5 failures')]],
  ]);
  const evaluate = (second: number) => {
    const at = START + second * 1_000;
    const samples = [{ signalId: CIRCUIT, at, value: second < 30 ? 0 : 1 }];
    return runPipeline({ at, samples, logs: logs.get(second) ?? [] }, memory, graph);
  };

  for (let second = 0; second < 36; second += 2) {
    const run = evaluate(second);
    expect(run.correlated.incidents).toEqual([]);
    expect(run.detected.detections[0]?.state).toBe(second < 20 ? 'learning' : 'normal');
  }
  // The fourth of the last five values outside: the anomaly is confirmed.
  const { parsed, detected, correlated, localized, reported } = evaluate(36);

  expect(parsed).toEqual([
    {
      record: log(36, 'WARN', 'circuit to model-server opened after 5 failures'),
      templateId: '25fc36fa',
      template: 'circuit to model-server opened after <*> failures',
      isNew: true,
      isNewSeverity: true,
    },
  ]);

  const anomaly = {
    signalId: CIRCUIT,
    title: 'Circuit to the model (0 closed, 1 open)',
    service: 'flights-api',
    kind: 'symptom',
    since: START + 30_000,
    expected: 0,
    seen: 1,
    unusual: null,
    matters: 2,
    confirmed: true,
    because: BECAUSE,
  };
  const novelty = {
    at: START + 36_000,
    service: 'flights-api',
    severity: 'WARN',
    templateId: '25fc36fa',
    template: 'circuit to model-server opened after <*> failures',
  };
  expect(detected.started).toEqual([anomaly]);
  expect(detected.ended).toEqual([]);
  expect(detected.novelties).toEqual([novelty]);

  const id = `inc-${(START + 36_000).toString(36)}-flights-api`;
  expect(correlated.changes).toEqual([{ kind: 'opened', incidentId: id }]);
  expect(correlated.incidents).toEqual([
    {
      id,
      state: 'open',
      openedAt: START + 36_000,
      closedAt: null,
      lastTroubleAt: START + 36_000,
      signals: [{ ...anomaly, worst: 1, endedAt: null }],
      novelties: [novelty],
      timeline: [
        { at: START + 30_000, what: `flights-api: first sign. ${anomaly.title}: ${BECAUSE}` },
        { at: START + 36_000, what: 'opened' },
        {
          at: START + 36_000,
          what: 'flights-api: new WARN log line "circuit to model-server opened after <*> failures"',
        },
      ],
    },
  ]);

  expect(localized[0]?.causes).toEqual([
    {
      service: 'model-server',
      score: 1,
      evidence: [
        'flights-api waits for model-server and suffers too',
        `flights-api says of its calls to model-server: ${anomaly.title}: ${BECAUSE}`,
        'new WARN log line of flights-api: "circuit to model-server opened after <*> failures"',
      ],
    },
  ]);

  expect(reported.incidents[0]?.title).toBe('departures get no model risk: the board cannot reach the model');
  expect(reported.announcements).toEqual([
    { level: 'warn', text: `anomaly in flights-api: ${anomaly.title}: ${BECAUSE}` },
    {
      level: 'warn',
      text: 'incident opened: departures get no model risk: the board cannot reach the model; first suspect model-server',
    },
  ]);
  expect(reported.pipeline.stages.map(({ name, state, because }) => [name, state, because])).toEqual([
    ['collect', 'passed', '1 of 1 signals have a value; 1 log line came'],
    ['assess', 'passed', 'nothing found; 0 signals cannot be judged'],
    ['parse', 'passed', '1 line clustered, 2 templates known'],
    ['detect', 'passed', '1 signal anomalous, 0 normal, 0 still learning'],
    ['forecast', 'passed', 'no limit is in sight'],
    ['correlate', 'passed', '1 open'],
    ['localize', 'passed', 'first suspect model-server: flights-api waits for model-server and suffers too'],
    ['report', 'passed', 'told: departures get no model risk: the board cannot reach the model'],
  ]);
});
