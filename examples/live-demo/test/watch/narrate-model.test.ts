/** What the demo tells of the model: its days, its alarms, and each step of a retraining. */
import { describe, expect, it } from 'vitest';
import { createModelDays } from '../../src/watch/model-days.js';
import { narrate } from '../../src/watch/narrate.js';
import type { Attempt, ModelDay, Observation } from '../../src/watch/observation.js';
import { summaryText } from '../../src/watch/summary-text.js';
import type { Summary } from '../../src/watch/summary.js';

const replay = {
  simulatedTime: '2001-04-01T16:30:00.000Z',
  flights: 1,
  outcomes: 0,
  state: 'replaying',
  because: 'on time',
};
const seen: Observation = { at: 0, counts: {}, replay, model: { version: 'v1' } };

function day(from: string, change: { complete?: boolean; alarm?: boolean; landed?: number } = {}): ModelDay {
  const { complete = false, alarm = false, landed = 12_000 } = change;
  const check = { name: 'unseen route-slots', because: '13.0 % of departures', state: 'fine' };
  return {
    from,
    complete,
    diagnosis: { state: complete ? 'decay' : 'labels not in yet' },
    quality: { checks: [{ ...check, state: alarm ? 'alarm' : 'fine' }] },
    performance: { landed, auc: 0.79, skill: -0.02 },
  };
}

const TRAINING = { at: '2001-04-01T16:35:00.000Z', to: 'training', because: 'drift that matters' };
const SHADOW = { at: '2001-04-01T23:10:00.000Z', to: 'shadow', because: 'all 8 checks hold' };
const CANARY = { at: '2001-04-02T03:00:00.000Z', to: 'canary', because: 'as good' };

const told = (before: Partial<Observation>, now: Partial<Observation>): string[] =>
  narrate({ ...seen, ...before }, { ...seen, ...now }).map(({ kind, text }) => `${kind}: ${text}`);

describe('narrate, the model', () => {
  it('tells an alarm once a day, at the time of the flights', () => {
    const alarmed = [day('2001-04-01', { alarm: true })];
    expect(told({ days: [day('2001-04-01')] }, { days: alarmed })).toEqual([
      'model: 04-01 16:30 UTC  alarm: 2001-04-01: 13.0 % of departures',
    ]);
    expect(told({ days: alarmed }, { days: alarmed })).toEqual([]);
  });

  it('tells none of the first flights of a day', () => {
    const dawn = { ...day('2001-04-01', { alarm: true }), diagnosis: { state: 'too few flights' } };
    expect(told({ days: [] }, { days: [dawn] })).toEqual([]);
    expect(told({ days: [dawn] }, { days: [day('2001-04-01', { alarm: true })] })).toHaveLength(1);
  });

  it('tells a day when it is over, with the scores of the model that served then', () => {
    const over = [day('2001-04-01', { complete: true })];
    expect(told({ days: [day('2001-04-01')] }, { days: over })).toEqual([
      'model: 04-01 16:30 UTC  2001-04-01 is over: decay; AUC 0.790, skill -0.020 over 12,000 landed flights, by v1',
    ]);
    expect(told({ days: over }, { days: over })).toEqual([]);
  });

  it('tells every step of an attempt, also several between two looks', () => {
    const first: Attempt = { steps: [TRAINING] };
    const later: Attempt = { version: 'v2', steps: [TRAINING, SHADOW, CANARY] };
    expect(told({ attempts: [] }, { attempts: [first] })).toEqual([
      'model: 04-01 16:35 UTC  → training: drift that matters',
    ]);
    expect(told({ attempts: [first] }, { attempts: [later] })).toEqual([
      'model: 04-01 23:10 UTC  → shadow v2: all 8 checks hold',
      'model: 04-02 03:00 UTC  → canary v2: as good',
    ]);
    expect(told({ attempts: [later] }, { attempts: [later] })).toEqual([]);
  });
});

describe('the model’s days', () => {
  it('keep the last look at each day and model, and when it changed', () => {
    const days = createModelDays();
    days.add({ ...seen, days: [day('2001-04-01', { landed: 0 })] });
    days.add({ ...seen, days: [day('2001-04-01', { landed: 500 })] });
    days.add({ ...seen, days: [day('2001-04-01', { landed: 900 })] });
    const later = { ...seen, replay: { ...replay, simulatedTime: '2001-04-02T08:00:00.000Z' } };
    days.add({ ...later, days: [day('2001-04-01', { landed: 900 })] });
    days.add({ ...later, model: { version: 'v2' }, days: [day('2001-04-01', { landed: 30 })] });
    expect(
      days.rows().map(({ day: date, version, landed, until }) => [date, version, landed, until]),
    ).toEqual([
      ['2001-04-01', 'v1', 900, replay.simulatedTime],
      ['2001-04-01', 'v2', 30, '2001-04-02T08:00:00.000Z'],
    ]);
  });

  it('stand in the summary with the steps, where another model was tried', () => {
    const days = createModelDays();
    days.add({ ...seen, days: [day('2001-04-01')] });
    const summary = {
      modelDays: days.rows(),
      attempts: [{ version: 'v2', steps: [TRAINING, SHADOW] }],
      incidents: [],
      faults: [],
      exitReasons: [],
      ok: true,
    } as unknown as Summary;
    const text = summaryText(summary);
    expect(text).toContain('2001-04-01        AUC 0.790  skill -0.020  12,000 landed  v1');
    expect(text).toContain('attempt 1         2001-04-01 23:10 UTC  shadow v2');
    expect(summaryText({ ...summary, attempts: [] })).not.toContain('2001-04-01');
  });
});
