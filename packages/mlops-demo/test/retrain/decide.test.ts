/** When a new model is trained, and when not. */
import { describe, expect, it } from 'vitest';
import { judgeWindow } from '../../src/monitor.js';
import { referenceOf } from '../../src/monitor/reference.js';
import { decideRetraining } from '../../src/retrain.js';
import type { RetrainSituation } from '../../src/retrain.js';
import { NEVER_RETRAINED } from '../../src/retrain/state.js';
import type { Attempt } from '../../src/retrain/state.js';
import { dayOfFlights } from '../monitor/facts.js';
import type { DayOptions } from '../monitor/facts.js';

const REFERENCE = referenceOf(dayOfFlights({ day: '2001-01-31', departures: 8_000, seed: 5 }));
const window = (options: DayOptions) =>
  judgeWindow(dayOfFlights({ departures: 5_000, ...options }), REFERENCE);
const QUIET = window({ day: '2001-02-01' });
const DECAYED = window({ day: '2001-02-02', insight: 0.2 });
const STORM = window({ day: '2001-02-03', storm: 15 });
const UNSEEN = window({ day: '2001-02-04', unseen: 0.14, landed: 0.2, complete: false });
const BROKEN = window({ day: '2001-02-05', missing: 0.2 });

const ended = (endedAt: string): Attempt => ({
  startedAt: endedAt,
  trigger: 'decay',
  because: 'AUC',
  dataThrough: '2001-01-31',
  outcome: 'discarded',
  endedAt,
});

function decide(change: Partial<RetrainSituation>) {
  return decideRetraining({
    now: '2001-02-06T12:00:00Z',
    windows: [QUIET],
    dataThrough: '2001-01-31',
    flightsJudged: 50_000,
    state: NEVER_RETRAINED,
    ...change,
  });
}

describe('triggers', () => {
  it('nothing happens while the model is good, not even in a storm', () => {
    expect(decide({})).toEqual({ state: 'wait', because: 'no trigger holds' });
    expect(STORM.diagnosis.state).toBe('drift without decay');
    expect(decide({ windows: [QUIET, STORM] }).state).toBe('wait');
  });

  it('decay trains, and says with which numbers', () => {
    const decision = decide({ windows: [QUIET, DECAYED] });
    expect(decision).toMatchObject({ state: 'retrain', trigger: 'decay' });
    expect(decision.because).toMatch(/^2001-02-02: AUC 0\.\d{3}, skill /);
  });

  it('decay that a later day has outlived trains no more', () => {
    expect(decide({ windows: [DECAYED, STORM] }).state).toBe('wait');
  });

  it('the unseen timetable trains before any label is in', () => {
    expect(UNSEEN.performance.state).toBe('labels not in yet');
    expect(decide({ windows: [QUIET, UNSEEN] })).toMatchObject({ trigger: 'drift that matters' });
  });

  it('data of a month ago, or very many flights, train', () => {
    expect(decide({ now: '2001-03-02T12:00:00Z' }).state).toBe('wait');
    expect(decide({ now: '2001-03-03T12:00:00Z' })).toEqual({
      state: 'retrain',
      trigger: 'schedule',
      because: "the model's data end 30 days ago, 30 is the limit",
    });
    const late = { now: '2001-03-03T12:00:00Z' };
    expect(decide({ ...late, mostDataDays: 31 }).state).toBe('wait');
    expect(decide({ now: '2001-06-30T12:00:00Z', mostDataDays: 0 }).state).toBe('wait');
    expect(decide({ flightsJudged: 700_000 })).toMatchObject({ trigger: 'volume' });
  });
});

describe('guards', () => {
  const request = { by: 'person:ada', because: 'new timetables' };

  it('three days have to pass after an attempt, for everyone but a person', () => {
    const state = { ...NEVER_RETRAINED, attempts: [ended('2001-02-04T12:00:00Z')] };
    const held = decide({ windows: [DECAYED], state });
    expect(held.state).toBe('wait');
    expect(held.because).toMatch(
      /^decay \(.*\), but the last attempt ended 2\.0 days ago: 3 days have to pass$/,
    );
    expect(decide({ windows: [DECAYED], state, request })).toEqual({
      state: 'retrain',
      trigger: 'by hand',
      because: 'person:ada asked: new timetables',
    });
    expect(decide({ windows: [DECAYED], state, now: '2001-02-07T12:00:00Z' }).state).toBe('retrain');
  });

  it('four attempts in 30 days are the budget', () => {
    const attempts = [8, 9, 10, 11].map((day) => ended(`2001-01-${day < 10 ? '0' : ''}${day}T00:00:00Z`));
    const held = decide({ windows: [DECAYED], state: { ...NEVER_RETRAINED, attempts } });
    expect(held.because).toMatch(/but 4 attempts in 30 days: the budget is spent$/);
    const later = { ...NEVER_RETRAINED, attempts };
    expect(decide({ windows: [DECAYED], state: later, now: '2001-02-08T00:00:00Z' }).state).toBe('retrain');
  });

  it('one attempt at a time, and none on broken data, whoever asks', () => {
    const busy = { ...NEVER_RETRAINED, phase: { name: 'training', since: '2001-02-06T00:00:00Z' } as const };
    expect(decide({ state: busy, request }).because).toBe('an attempt is under way (training)');
    expect(decide({ windows: [DECAYED, BROKEN], request }).because).toMatch(
      /^the data of 2001-02-05 are broken: /,
    );
  });

  it('a broken day holds every trigger back, before the newest day as after it', () => {
    const half = window({ day: '2001-02-05', missing: 0.5, insight: 0.2 });
    expect(half).toMatchObject({
      diagnosis: { state: 'broken data' },
      performance: { state: 'decayed' },
    });
    const young = window({ day: '2001-02-06', missing: 0.5, departures: 40, landed: 0, complete: false });
    const morning = window({ day: '2001-02-06', departures: 40, landed: 0, complete: false });
    expect(morning.diagnosis.state).toBe('too few flights');
    for (const windows of [
      [half, young],
      [half, morning],
      [DECAYED, young],
      [half, QUIET, UNSEEN],
    ])
      expect(decide({ windows }).because).toMatch(/^the data of 2001-02-0[56] are broken: /);
    expect(decide({ windows: [half, STORM], now: '2001-06-30T12:00:00Z', flightsJudged: 1e6 }).state).toBe(
      'wait',
    );
    expect(decide({ windows: [DECAYED, morning] })).toMatchObject({ trigger: 'decay' });
  });
});

it('attempts dated after now hold nothing back', () => {
  const attempts = [1, 2, 3, 4].map((day) => ended(`2002-12-0${day}T12:00:00Z`));
  const state = { ...NEVER_RETRAINED, attempts };
  expect(decide({ windows: [QUIET, DECAYED], state })).toMatchObject({ state: 'retrain', trigger: 'decay' });
  const before = { ...state, attempts: [ended('2001-02-05T12:00:00Z'), ...attempts] };
  expect(decide({ windows: [QUIET, DECAYED], state: before }).because).toContain(
    'the last attempt ended 1.0 days ago',
  );
});
