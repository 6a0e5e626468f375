import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { hear, tell } from '../src/hearing.js';
import type { Hearing, Reply } from '../src/hearing.js';
import { standingOf } from '../src/lanes.js';
import type { Stage } from '../src/lanes.js';
import { partNames } from '../src/parts.js';
import { questionIds, questions } from '../src/questions.js';
import type { QuestionId } from '../src/questions.js';
import { mergeRoom } from '../src/room.js';
import { answerOf } from './fake-world.js';
import type { Phase } from './fake-world.js';

const NOW = Date.parse('2026-07-01T10:05:00Z');

function answered(body: unknown, status = 200, at = NOW): Reply {
  return { kind: 'answered', at, status, body };
}

/** All that a control room has heard after one round in this phase. */
function heardIn(phase: Phase, before: Hearing = {}): Hearing {
  return questionIds.reduce((hearing, id) => {
    const told = answerOf({ phase, now: () => NOW }, questions[id].part, questions[id].path);
    const reply: Reply =
      typeof told === 'object' && 'json' in told
        ? answered(told.json, told.status)
        : { kind: 'failed', at: NOW, because: 'not listening' };
    return hear(hearing, id, reply);
  }, before);
}

function room(hearing: Hearing, now = NOW) {
  return mergeRoom(hearing, now);
}

describe('with no answer at all', () => {
  it('every part is starting and the headline names them all', () => {
    const { headline, parts } = room(heardIn('nothing'));
    expect(parts.map(({ state }) => state)).toEqual(['starting', 'starting', 'starting', 'starting']);
    expect(headline).toEqual({
      state: 'starting',
      text: 'Starting: flights-api, model-server, aiops, replay (not listening)',
    });
  });

  it('no panel is without a reason', () => {
    const { lanes, charts, templates, openIncidents, monitor, replay, ...others } = room({});
    for (const told of [
      others.limits,
      others.blindSpots,
      others.delivered,
      others.serviceLevel,
      others.tests,
      charts,
      templates,
      openIncidents,
      monitor,
      replay,
      ...lanes.map(({ stages }) => stages),
    ]) {
      expect(told).toEqual({ kind: 'missing', because: 'not asked yet' });
    }
  });
});

describe('while the model is trained', () => {
  const trained = room(heardIn('training'));

  it('the headline says which stage runs and how far it is', () => {
    expect(trained.headline.text).toBe('Starting: model-server (train: 66 % done); replay (not listening)');
  });

  it('the lane of the model counts its stages', () => {
    expect(trained.lanes.map(({ standing }) => standing)).toEqual([
      'Running observe: stage 5 of 8',
      'Running train: stage 6 of 13',
      '3 of 8 stages done',
    ]);
  });

  it('the reason of a 503 is shown in the words of the part', () => {
    expect(trained.monitor).toEqual({
      kind: 'missing',
      because: 'There is no model yet: it is being trained.',
    });
  });
});

describe('where a lane stands', () => {
  const stage = (name: string, state: Stage['state'], because = 'why'): Stage => ({
    name,
    state,
    because,
    file: `${name}.ts`,
  });
  const standing = (...stages: Stage[]) =>
    standingOf({ kind: 'fresh', value: { updatedAt: '2026-07-01T10:05:00Z', stages } }, 'model-server');

  it('all is done although retrain waits, which it does until there is a reason', () => {
    const retrain = stage('retrain', 'waiting', 'no drift that matters');
    expect(standing(stage('deploy', 'passed'), stage('monitor', 'passed'), retrain)).toBe(
      'All 2 stages done; watching for a reason to retrain',
    );
    expect(standing(stage('deploy', 'passed'), stage('monitor', 'waiting'), retrain)).toBe(
      '1 of 3 stages done',
    );
  });

  it('a release that was taken back is told by its own words, not as a failure of the traffic', () => {
    const release = stage('release', 'failed', '0.2.0 was taken back: at 5 %: 31 % of 70 requests failed');
    expect(standing(stage('deploy', 'passed'), stage('shift-traffic', 'failed'), release)).toBe(
      'Last release: 0.2.0 was taken back: at 5 %: 31 % of 70 requests failed',
    );
    expect(standing(stage('verify', 'failed'), release)).toBe('Failed at verify');
  });
});

describe('retraining', () => {
  it('shows the steps of the last attempts; a server that does not retrain has made none', () => {
    expect(room(heardIn('training')).retraining).toEqual({ kind: 'fresh', value: [] });
    const { retraining } = room(heardIn('running'));
    expect(retraining).toMatchObject({ kind: 'fresh', value: [{ version: '2001-03-31-2c7239e5' }] });
    const steps = retraining.kind === 'missing' ? [] : (retraining.value[0]?.steps ?? []);
    expect(steps.map(({ to }) => to)).toEqual(['training', 'shadow', 'canary', 'promoted']);
  });
});

describe('with every part up', () => {
  const calm = room(heardIn('running'));

  it('the headline is calm', () => {
    expect(calm.headline).toEqual({
      state: 'calm',
      text: 'Every part is ready, flights flow, and no incident is open.',
    });
  });

  it('every panel is fresh', () => {
    const { at: _at, headline: _headline, parts: _parts, lanes, ...others } = calm;
    const panels = Object.values(others);
    expect(panels.length).toBe(14);
    expect(new Set([...panels, ...lanes.map(({ stages }) => stages)].map(({ kind }) => kind))).toEqual(
      new Set(['fresh']),
    );
  });

  it('an open incident comes before everything else', () => {
    const { headline, openIncidents } = room(heardIn('incident'));
    expect(headline).toEqual({
      state: 'incident',
      text: '1 open incident: up to 96 % of departures get no model risk',
    });
    expect(openIncidents).toMatchObject({
      kind: 'fresh',
      value: [{ causes: [{ service: 'model-server' }, { service: 'flights-api' }, { service: 'replay' }] }],
    });
  });

  it('without a flight the first one is awaited', () => {
    const waiting = { simulatedTime: '2001-02-01T12:00:00Z', speed: 60, flights: 0, outcomes: 0, pending: 0 };
    const hearing = hear(
      heardIn('running'),
      'replay/replay',
      answered({ ...waiting, state: 'waiting', because: 'the board does not take events' }),
    );
    expect(room(hearing).headline).toEqual({
      state: 'starting',
      text: 'Every part is ready. The first flight is awaited: the board does not take events',
    });
  });
});

describe('a part that falls silent', () => {
  it('is gone, and what was last said is shown as old', () => {
    const silent = heardIn('nothing', heardIn('running'));
    const { parts, templates, headline } = room(silent, NOW + 12_000);
    expect(parts[0]).toMatchObject({ state: 'gone', because: 'not listening; last heard 12 s ago' });
    expect(templates).toMatchObject({ kind: 'stale', because: 'not listening; last heard 12 s ago' });
    expect(headline.state).toBe('trouble');
  });

  it('is not gone for one late answer', () => {
    const late = heardIn('nothing', heardIn('running'));
    expect(room(late, NOW + 2_499).headline.state).toBe('calm');
    expect(room(late, NOW + 2_500).headline.state).toBe('trouble');
  });

  it('is ready again with its next answer', () => {
    const back = heardIn('running', heardIn('nothing', heardIn('running')));
    expect(room(back).headline.state).toBe('calm');
  });
});

describe('a part that says it is not ready', () => {
  const notReady = { status: 'not ready', checks: { database: 'does not answer', model: 'ok' } };
  const startedAt = (secondsAgo: number) =>
    answered({ version: '1', commit: 'c', startedAt: new Date(NOW - secondsAgo * 1_000).toISOString() });

  it('is starting in its first two minutes', () => {
    const hearing = hear(hear({}, 'aiops/ready', answered(notReady, 503)), 'aiops/version', startedAt(119));
    expect(room(hearing).parts[2]).toMatchObject({ state: 'starting', because: 'database: does not answer' });
  });

  it('is not ready later, with the failing checks only', () => {
    const hearing = hear(hear({}, 'aiops/ready', answered(notReady, 503)), 'aiops/version', startedAt(121));
    expect(room(hearing).parts[2]).toMatchObject({
      state: 'not ready',
      because: 'database: does not answer',
    });
  });
});

describe('nonsense', () => {
  const nonsense: unknown[] = [null, 'hello', 42, [], {}, { stages: 'many' }, { status: 'perhaps' }];

  it.each(questionIds)('from %s is a reason, never a crash', (id: QuestionId) => {
    for (const body of nonsense) {
      const hearing = hear({}, id, answered(body));
      expect(tell(hearing, id, NOW)).toMatchObject({
        kind: 'missing',
        because: expect.stringContaining('makes no sense'),
      });
      expect(room(hearing).headline.state).toBe('starting');
    }
  });

  it('does not replace the last sensible answer', () => {
    const hearing = hear(heardIn('running'), 'aiops/templates', answered({ templates: [{ count: -1 }] }));
    const { templates } = room(hearing, NOW + 2_500);
    expect(templates.kind).toBe('stale');
    expect(templates).toMatchObject({ value: { length: 12 } });
  });

  it('of another status is told as the status', () => {
    const hearing = hear({}, 'flights-api/delivery', answered('<html>', 502));
    expect(room(hearing).lanes[0]?.stages).toEqual({
      kind: 'missing',
      because: 'GET /v1/delivery answered 502',
    });
  });

  it('that is very long is cut', () => {
    const stage = { name: 'build', state: 'passed', because: 'x'.repeat(10_000), file: 'f' };
    const body = { updatedAt: '2026-07-01T10:00:00Z', stages: Array.from({ length: 500 }, () => stage) };
    const stages = room(hear({}, 'flights-api/delivery', answered(body))).lanes[0]?.stages;
    if (stages?.kind !== 'fresh') throw new Error('expected fresh stages');
    expect(stages.value.length).toBe(30);
    expect(stages.value[0]?.because.length).toBe(400);
  });
});

it('the README shows the headline as it is', () => {
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
  expect(readme).toContain(JSON.stringify(room(heardIn('training')).headline).slice(1, -1));
});

it('names four parts', () => {
  expect(partNames).toEqual(['flights-api', 'model-server', 'aiops', 'replay']);
});
