/** What the page is told about releases, limits and blind spots. */
import { describe, expect, it } from 'vitest';
import { blindSpotsOf } from '../src/blind-spots.js';
import { deliveredOf } from '../src/deployments.js';
import { limitsAhead } from '../src/limits-ahead.js';
import { freezeOf, testsOf } from '../src/may-release.js';
import { questions } from '../src/questions.js';
import { dora, forecasts, quality, serviceLevel } from './fake-records.js';

const NOW = Date.parse('2026-07-01T10:05:00Z');

describe('deployments', () => {
  const told = questions['flights-api/dora'].answer.parse(dora('running', NOW));

  it('are counted over the whole window, and shown newest first', () => {
    const { deployments, failed, changes, latest } = deliveredOf(told);
    expect({ deployments, failed, changes }).toEqual({ deployments: 3, failed: 1, changes: 2 });
    expect(latest.map(({ subject }) => subject)).toEqual([
      'flights-api 0.2.1',
      'flights-api 0.2.0',
      'flights-api 0.1.0',
    ]);
  });

  it('beyond the sixth are counted and not shown', () => {
    const many = Array.from({ length: 5 }, () => told.deployments).flat();
    const { deployments, latest } = deliveredOf({ ...told, deployments: many });
    expect([deployments, latest.length]).toEqual([15, 6]);
  });
});

describe('the service level', () => {
  const levelIn = (phase: Parameters<typeof serviceLevel>[0]) =>
    freezeOf(questions['flights-api/slo'].answer.parse(serviceLevel(phase)));

  it('names the budget that freezes releases', () => {
    expect(levelIn('incident')).toMatchObject({
      frozen: true,
      because: 'the error budget for latency is empty',
    });
  });

  it('does not call an unknown budget full', () => {
    expect(levelIn('training')).toMatchObject({
      frozen: false,
      because: 'the error budget for success and latency is not known yet',
    });
  });

  it('gives each budget its own burn rates', () => {
    const longest = levelIn('incident').budgets.map(({ burnRates }) => burnRates.map(({ long }) => long));
    expect(longest).toEqual([
      [0.2, 0.05, 0.00625],
      [18.4, 4.6, 0.575],
    ]);
  });
});

describe('the tests of the version in service', () => {
  it('are told by the board', () => {
    const tested = { kind: 'failed', because: 'commit c failed: 2 failed in unit' } as const;
    expect(testsOf(tested)).toBe('commit c failed: 2 failed in unit');
  });

  it.each([null, undefined])('are not known where the board says %s', (tested) => {
    expect(testsOf(tested)).toBe('the board knows no commit, so no run of its tests');
  });
});

describe('limits', () => {
  const aheadIn = (phase: Parameters<typeof forecasts>[0]) =>
    limitsAhead(questions['aiops/forecasts'].answer.parse({ forecasts: forecasts(phase, NOW) }).forecasts);

  it('that nobody can forecast yet are not out of sight', () => {
    expect(aheadIn('training')).toEqual({
      inSight: [],
      watched: 0,
      unknown: 8,
      unknownBecause: '6 values are too few to see a trend, 20 are needed',
    });
  });

  it('in sight come likeliest first, and the impossible does not', () => {
    const [first] = forecasts('incident', NOW);
    const each = [0, 0.2, 0.9].map((probability) => ({
      ...first,
      signalId: `s${probability}`,
      probability,
    }));
    const { forecasts: told } = questions['aiops/forecasts'].answer.parse({ forecasts: each });
    expect(limitsAhead(told).inSight.map(({ signalId }) => signalId)).toEqual(['s0.9', 's0.2']);
  });
});

describe('blind spots', () => {
  it('are told by reason, the commonest first, with six signals of each', () => {
    const unjudged = (because: string, length: number) =>
      Array.from({ length }, (_unused, n) => ({ signalId: `${because}/${n}`, because }));
    const { notJudged, reasons } = blindSpotsOf({
      findings: [],
      notJudged: [...unjudged('rare', 1), ...unjudged('common', 9)],
    });
    expect(notJudged).toBe(10);
    expect(reasons.map(({ because, signals, more }) => [because, signals.length, more])).toEqual([
      ['common', 6, 3],
      ['rare', 1, 0],
    ]);
  });

  it('of a kind that this page does not know are shown all the same', () => {
    const [finding] = (quality('incident', NOW) as { findings: object[] }).findings;
    const told = { findings: [{ ...finding, kind: 'sunspots' }], notJudged: [] };
    expect(questions['aiops/quality'].answer.parse(told).findings[0]?.kind).toBe('sunspots');
  });
});
