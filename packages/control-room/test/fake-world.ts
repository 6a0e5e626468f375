/**
 * A fake system with believable content: what the four parts answer in each phase of a run.
 *
 * Everything is a function of the phase, a seed and the time, so a run can be repeated.
 */
import type { PartName } from '../src/parts.js';
import type { FakeAnswer } from './fake-part.js';
import { dora, forecasts, quality, retraining, serviceLevel } from './fake-records.js';

/**
 * `nothing`: only connections that are closed again. `training`: the board is ready, the model is being made.
 * `running`: flights flow. `incident`: the model server is slow. `recovered`: it was.
 */
export type Phase = 'nothing' | 'training' | 'running' | 'incident' | 'recovered';

export interface FakeWorld {
  phase: Phase;
  /** Milliseconds since 1970. */
  now: () => number;
}

const START_MS = Date.parse('2001-02-01T12:00:00Z');
const STEP_MS = 2_000;
const HISTORY_STEPS = 240;
const TROUBLE_MS = 40_000;

/** What `part` answers to `path` now. */
export function answerOf(world: FakeWorld, part: PartName, path: string): FakeAnswer {
  const { phase } = world;
  if (phase === 'nothing') return 'reset';
  if (phase === 'training' && part === 'replay') return 'reset';
  return (
    contentOf(world, part, path) ?? {
      status: 404,
      json: { title: 'Not found', status: 404, detail: `There is no ${path} here.` },
    }
  );
}

function contentOf(world: FakeWorld, part: PartName, whole: string): FakeAnswer | undefined {
  const { phase, now } = world;
  const training = phase === 'training';
  const [path = ''] = whole.split('?');
  switch (`${part} ${path}`) {
    case `${part} /readyz`:
      return training && part === 'model-server'
        ? { status: 503, json: { status: 'not ready', checks: { model: 'no model is registered yet' } } }
        : { json: { status: 'ready', checks: {} } };
    case `${part} /version`:
      return {
        json: {
          service: part,
          version: '0.1.0',
          commit: '70edfdc',
          startedAt: new Date(now() - 30_000).toISOString(),
        },
      };
    case 'flights-api /v1/delivery':
      return { json: delivery(now()) };
    case 'flights-api /v1/delivery/dora':
      return { json: dora(phase, now()) };
    case 'flights-api /v1/delivery/slo':
      return { json: serviceLevel(phase) };
    case 'flights-api /v1/stats':
      return {
        json: {
          flights: training ? 0 : 12_846,
          landed: training ? 0 : 11_730,
          degraded: phase === 'incident' ? 412 : training ? 0 : 3,
        },
      };
    case 'model-server /v1/pipeline':
      return { json: mlops(now(), training) };
    case 'model-server /v1/monitor':
      return training
        ? { status: 503, json: { detail: 'There is no model yet: it is being trained.' } }
        : { json: monitor() };
    case 'model-server /v1/model':
      return training
        ? { status: 503, json: { detail: 'There is no model yet: it is being trained.' } }
        : { json: { version: '2001-01-31-4f2a91', backend: 'wasm', seed: 1 } };
    case 'model-server /v1/retrain':
      return training
        ? { status: 404, json: { status: 404, detail: 'This server does not retrain.' } }
        : { json: retraining() };
    case 'aiops /v1/pipeline':
      return { json: aiops(phase, now()) };
    case 'aiops /v1/signals':
      return { json: { signals: training ? [] : signals(phase, now()) } };
    case 'aiops /v1/templates':
      return { json: { templates: training ? [] : templates(now()) } };
    case 'aiops /v1/incidents':
      return { json: { incidents: incidents(phase, now(), whole.includes('state=open')) } };
    case 'aiops /v1/forecasts':
      return { json: { forecasts: forecasts(phase, now()) } };
    case 'aiops /v1/quality':
      return { json: quality(phase, now()) };
    case 'replay /v1/replay':
      return { json: replay(now()) };
    default:
      return undefined;
  }
}

type State = 'waiting' | 'running' | 'passed' | 'failed' | 'skipped';

function stage(file: string, name: string, state: State, because: string, seconds?: number): object {
  return { name, state, because, file, ...(seconds === undefined ? {} : { seconds }) };
}

function delivery(now: number): object {
  const at = 'packages/devops-demo/src/delivery';
  return {
    pipeline: 'devops',
    updatedAt: new Date(now).toISOString(),
    tested: { kind: 'passed', because: 'commit 70edfdc passed 812 tests in 9 stages' },
    stages: [
      stage(
        `${at}/build.ts`,
        'build',
        'passed',
        'devops-demo 0.1.0 of commit 70edfdc: 41 files, digest 9f31c02ab7e4; commit 70edfdc passed 812 tests in 9 stages',
        1.3,
      ),
      stage(`${at}/verify.ts`, 'verify', 'passed', 'all 41 files are what the manifest says', 0.012),
      stage(
        `${at}/deploy.ts`,
        'deploy',
        'passed',
        '2 migrations applied, the last 0002_feed; ready since 10:02:11',
        0.84,
      ),
      stage(
        `${at}/shift-traffic.ts`,
        'shift-traffic',
        'skipped',
        'no release yet: one version answers everything',
      ),
      stage(
        `${at}/observe.ts`,
        'observe',
        'running',
        '1,204 requests in 60 s: 100 % succeeded, p95 14 ms; both objectives kept so far',
      ),
      stage(`${at}/analyze.ts`, 'analyze', 'skipped', 'no release yet: there is nothing to compare'),
      stage(`${at}/release.ts`, 'release', 'skipped', 'no release yet'),
      stage(`${at}/feedback.ts`, 'feedback', 'waiting', 'nothing observed yet'),
    ],
  };
}

function mlops(now: number, training: boolean): object {
  const at = 'packages/mlops-demo/src';
  const later = (state: State): State => (training ? 'waiting' : state);
  return {
    pipeline: 'mlops',
    updatedAt: new Date(now).toISOString(),
    stages: [
      stage(`${at}/ingest.ts`, 'ingest', 'passed', '508,239 flights of January 2001 read', 0.62),
      stage(
        `${at}/validate.ts`,
        'validate',
        'passed',
        '3,041 rows quarantined: 3,033 before five in the morning, 8 with impossible delays',
        0.21,
      ),
      stage(
        `${at}/version.ts`,
        'version',
        'passed',
        'data version dbeb920c, the same rows give the same version',
        0.4,
      ),
      stage(
        `${at}/split.ts`,
        'split',
        'passed',
        '15 to 28 January to learn from, 29 to 31 to test on; nothing known too early',
        0.05,
      ),
      stage(`${at}/features.ts`, 'features', 'passed', '27 features of 60,000 flights in one pass', 4.1),
      training
        ? stage(`${at}/train.ts`, 'train', 'running', '66 % done')
        : stage(`${at}/train.ts`, 'train', 'passed', '8 epochs, loss 0.291, on wasm', 7.9),
      stage(
        `${at}/evaluate.ts`,
        'evaluate',
        later('passed'),
        training ? 'not reached yet' : 'AUC 0.879 on unseen days; the hour table has 0.625',
        0.3,
      ),
      stage(
        `${at}/compare.ts`,
        'compare',
        later('passed'),
        training ? 'not reached yet' : 'there is no model in production to compare with',
      ),
      stage(
        `${at}/gate.ts`,
        'gate',
        later('passed'),
        training ? 'not reached yet' : '6 of 6 checks passed; nearest: calibration 0.015 of at most 0.03',
      ),
      stage(
        `${at}/register.ts`,
        'register',
        later('passed'),
        training ? 'not reached yet' : 'kept as 2001-01-31-4f2a91 with three files',
        0.08,
      ),
      stage(
        `${at}/serve/follow-registry.ts`,
        'deploy',
        later('passed'),
        training ? 'no model is in production yet' : '2001-01-31-4f2a91 serves since 10:02:31',
      ),
      stage(
        `${at}/serve/monitor.ts`,
        'monitor',
        later('passed'),
        training ? 'no model is served yet' : 'stable: PSI 0.021; AUC 0.874 on 11,730 landed flights',
      ),
      stage(`${at}/retrain.ts`, 'retrain', 'waiting', 'no drift that matters, and no decay'),
    ],
  };
}

function aiops(phase: Phase, now: number): object {
  const at = 'packages/aiops-demo/src';
  const incident = phase === 'incident';
  const training = phase === 'training';
  return {
    pipeline: 'aiops',
    updatedAt: new Date(now).toISOString(),
    stages: [
      stage(
        `${at}/collect/choose-source.ts`,
        'collect',
        training ? 'waiting' : 'passed',
        training ? '0 of 27 signals have a value' : '27 of 27 signals have a value; 64 log lines came',
        0.031,
      ),
      stage(
        `${at}/quality/assess.ts`,
        'assess',
        training ? 'waiting' : 'passed',
        incident
          ? 'stale-target of model-server; 3 signals cannot be judged'
          : `nothing found; ${training ? 27 : 0} signals cannot be judged`,
        0.001,
      ),
      stage(
        `${at}/parse/parse.ts`,
        'parse',
        training ? 'waiting' : 'passed',
        training ? 'no line yet' : '64 lines clustered, 23 templates known',
        0.002,
      ),
      stage(
        `${at}/detect/detect.ts`,
        'detect',
        training ? 'waiting' : 'passed',
        incident
          ? '4 signals anomalous, 23 normal, 0 still learning'
          : '0 signals anomalous, 27 normal, 0 still learning',
        0.004,
      ),
      stage(
        `${at}/forecast/forecast.ts`,
        'forecast',
        training ? 'waiting' : 'passed',
        incident
          ? 'model-server/resident-memory reaches 512 MB with probability 0.93: 930 of 1000 paths rise to it'
          : 'no limit is in sight',
        0.02,
      ),
      stage(
        `${at}/correlate/correlate.ts`,
        'correlate',
        'passed',
        incident ? '1 incident open' : 'no incident is open',
        0.001,
      ),
      stage(
        `${at}/localize/localize.ts`,
        'localize',
        incident ? 'passed' : 'skipped',
        incident
          ? 'first suspect model-server: flights-api waits for model-server and suffers too'
          : 'no incident to explain',
      ),
      stage(
        `${at}/report/report.ts`,
        'report',
        'passed',
        incident ? 'told: up to 96 % of departures get no model risk' : 'nothing to tell',
      ),
    ],
  };
}

/** Between 0 and 1, the same for the same arguments. */
function chance(seed: string, step: number): number {
  let hash = 2_166_136_261 ^ step;
  for (const letter of seed) hash = Math.imul(hash ^ letter.charCodeAt(0), 16_777_619);
  hash = Math.imul(hash ^ (hash >>> 15), 2_246_822_519);
  return ((hash ^ (hash >>> 13)) >>> 0) / 2 ** 32;
}

function signals(phase: Phase, now: number): object[] {
  const last = Math.floor(now / STEP_MS);
  const series = (id: string, base: number, noise: number, inTrouble = base): object => {
    const points = Array.from({ length: HISTORY_STEPS }, (_unused, index) => {
      const step = last - HISTORY_STEPS + 1 + index;
      const wave = 1 + 0.12 * Math.sin(step / 40);
      const troubled =
        (phase === 'incident' && step * STEP_MS > now - TROUBLE_MS) ||
        (phase === 'recovered' && step * STEP_MS > now - 150_000 && step * STEP_MS < now - 110_000);
      const value = (troubled ? inTrouble : base * wave) + noise * (chance(id, step) - 0.5);
      return [step * STEP_MS, Math.max(0, value)];
    });
    const anomalous = phase === 'incident' && inTrouble !== base;
    const because = anomalous ? `expected ${base}, seen ${inTrouble}` : 'as usual';
    return { id, state: anomalous ? 'anomalous' : 'normal', because, points };
  };
  return [
    series('flights-api/request-rate', 33, 5),
    series('flights-api/error-ratio', 0, 0.002),
    series('flights-api/degraded-ratio', 0, 0.002, 0.96),
    series('flights-api/latency-p95', 0.014, 0.006, 0.34),
    series('model-server/request-rate', 17, 3, 6),
    series('model-server/error-ratio', 0, 0.001, 0.7),
    series('model-server/latency-p95', 0.006, 0.002, 2.9),
  ];
}

function monitor(): object {
  return {
    predictions: 12_846,
    riskHistogram: {
      edges: [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1],
      live: [6_010, 2_210, 1_150, 760, 540, 430, 380, 400, 460, 506],
      reference: [31_000, 10_400, 5_100, 3_300, 2_400, 1_900, 1_700, 1_750, 1_900, 2_050],
    },
    drift: {
      psi: 0.021,
      verdict: 'stable',
      because: 'PSI 0.021, below 0.1: the risks spread as they did in the test',
    },
    performance: {
      landed: 11_730,
      auc: 0.874,
      logLoss: 0.286,
      because: 'AUC 0.874 on 11,730 landed flights; 0.879 in the test',
    },
  };
}

const lines: [count: number, template: string, services: string[], secondsAgo: number][] = [
  [24_310, '<*> /v1/flights answered <num> in <num> ms', ['flights-api'], 0],
  [12_846, 'POST /v1/predict answered 200 in <num> ms', ['model-server'], 0],
  [11_730, 'PUT /v1/flights/:flightId/outcome answered <num> in <num> ms', ['flights-api'], 0],
  [640, 'feed: <num> departures and <num> landings taken, next after <*>', ['model-server'], 1],
  [412, 'the model did not answer within <num> ms: base rate for <*> to <*>', ['flights-api'], 2],
  [180, 'evaluated <num> signals in <num> ms', ['aiops'], 1],
  [61, 'drift check: PSI <num>, stable', ['model-server'], 4],
  [20, 'simulated time <*>, <num> flights, <num> waiting to land', ['replay'], 8],
  [8, 'epoch <num> of 8, loss <num>', ['model-server'], 400],
  [5, 'listening on <url>', ['flights-api', 'model-server', 'aiops', 'replay'], 420],
  [2, 'circuit to the model is open after <num> failures', ['flights-api'], 31],
  [1, 'migration <*> applied', ['flights-api'], 425],
];

function templates(now: number): object[] {
  return lines.map(([count, template, services, secondsAgo], index) => ({
    id: `t${index}`,
    template,
    count,
    services,
    firstSeen: new Date(now - 430_000).toISOString(),
    lastSeen: new Date(now - secondsAgo * 1_000).toISOString(),
  }));
}

function incidents(phase: Phase, now: number, open: boolean): object[] {
  const wanted = open ? 'incident' : 'recovered';
  if (phase !== wanted) return [];
  const openedAt = now - (open ? 34_000 : 150_000);
  const at = (seconds: number) => new Date(openedAt + seconds * 1_000).toISOString();
  return [
    {
      id: 'inc-1',
      state: open ? 'open' : 'closed',
      title: `up to 96 % of departures ${open ? 'get' : 'got'} no model risk`,
      openedAt: at(0),
      closedAt: open ? null : at(52),
      causes: [
        {
          service: 'model-server',
          score: 0.71,
          evidence: [
            'flights-api waits for model-server and suffers too',
            'flights-api says of its calls to model-server: 98 % failed, expected 0 %',
            'Latency of predictions, 95th percentile: expected 6 ms, seen 2.9 s',
          ],
        },
        {
          service: 'flights-api',
          score: 0.22,
          evidence: ['Risks answered with the base rate: expected 0 %, seen 96 %'],
        },
        { service: 'replay', score: 0.07, evidence: [] },
      ],
      signals: [
        'model-server/latency-p95',
        'flights-api/degraded-ratio',
        'flights-api/model-call-failure-ratio',
        'flights-api/circuit-state',
      ],
      timeline: [
        { at: at(-6), what: 'model-server: first sign. Latency of predictions: expected 6 ms, seen 2.9 s' },
        { at: at(0), what: 'opened' },
        {
          at: at(2),
          what: 'flights-api: joined. Risks answered with the base rate: expected 0 %, seen 96 %',
        },
        { at: at(3), what: 'flights-api: new WARN log line "circuit to the model is open after 5 failures"' },
        ...(open ? [] : [{ at: at(52), what: 'closed: every signal has been normal for 15 s' }]),
      ],
    },
  ];
}

function replay(now: number): object {
  return {
    simulatedTime: new Date(START_MS + (now % 3_600_000) * 4).toISOString(),
    speed: 60,
    flights: 12_846,
    outcomes: 11_730,
    pending: 1_116,
    state: 'replaying',
    because: 'on time at 60 simulated seconds a second',
  };
}
