import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fixesOf, mayRelease } from '../../src/delivery/may-release.js';
import { OBJECTIVES } from '../../src/delivery/slo.js';
import { BURN_WINDOWS, burnRates, factorOf } from '../../src/delivery/slo/burn-rate.js';
import { PERIOD_SECONDS, budgetSentence, errorBudgets } from '../../src/delivery/slo/error-budget.js';
import { sloReport, sloSentences } from '../../src/delivery/slo/report.js';
import { tallyOf } from '../../src/delivery/slo/tally.js';
import type { Tally } from '../../src/delivery/slo/tally.js';

const NOW = new Date('2026-07-31T00:00:00Z');
const ago = (seconds: number, requests: number, failed: number, slow = 0): Tally => ({
  at: new Date(NOW.getTime() - seconds * 1_000).toISOString(),
  requests,
  failed,
  slow,
});
const MINUTE = 60;
const HOUR = 3_600;

const success = (tallies: readonly Tally[]) => {
  const [budget] = errorBudgets(tallies, NOW, OBJECTIVES);
  if (budget === undefined) throw new Error('no budget');
  return budget;
};

describe('the error budget', () => {
  it('is what the objective allows, minus what was bad', () => {
    expect(errorBudgets([ago(HOUR, 6_000, 15, 60), ago(MINUTE, 4_000, 5, 40)], NOW, OBJECTIVES)).toEqual([
      {
        objective: 'success',
        target: 0.995,
        requests: 10_000,
        allowed: 50,
        spent: 20,
        remaining: 0.6,
        state: 'left',
      },
      {
        objective: 'latency',
        target: 0.95,
        requests: 10_000,
        allowed: 500,
        spent: 100,
        remaining: 0.8,
        state: 'left',
      },
    ]);
  });

  it('spent to the last request it is empty, and overdrawn it is below nothing', () => {
    expect(success([ago(1, 1_000, 5)])).toMatchObject({ state: 'empty', remaining: 0 });
    expect(success([ago(1, 1_000, 10)])).toMatchObject({ state: 'empty', remaining: -1 });
    expect(success([ago(1, 1_000, 4)])).toMatchObject({ state: 'left' });
  });

  it('says nothing before there was enough traffic, however bad it is', () => {
    expect(success([ago(1, 999, 999)])).toMatchObject({ state: 'unknown', remaining: null });
    expect(success([])).toMatchObject({ state: 'unknown', requests: 0 });
  });

  it('forgets what is older than thirty days', () => {
    const tallies = [ago(PERIOD_SECONDS, 1_000, 1_000), ago(PERIOD_SECONDS - 1, 2_000, 1)];
    expect(success(tallies)).toMatchObject({ requests: 2_000, spent: 1 });
  });

  it('can be read aloud', () => {
    expect(budgetSentence(success([ago(1, 10_000, 20)]))).toBe(
      'success: 60.0 % of the error budget remain (20 of 50 allowed bad requests of 10000)',
    );
  });
});

describe('the burn rate', () => {
  it('factors are those of the SRE workbook, and the short window is a twelfth of the long one', () => {
    expect(BURN_WINDOWS.map(factorOf)).toEqual([14.4, 6, 1]);
    expect(BURN_WINDOWS.map(({ longHours, shortHours }) => longHours / shortHours)).toEqual([12, 12, 12]);
  });

  it('an objective that is just kept burns at 1', () => {
    const [first] = burnRates([ago(MINUTE, 1_000, 5, 50)], NOW, OBJECTIVES);
    expect(first).toMatchObject({ long: 1, short: 1, tooFast: false });
  });

  it('pages when a tenth of requests fail for five minutes, and not once it is over', () => {
    const bad = Array.from({ length: 5 }, (_, n) => ago(n * MINUTE, 600, 60));
    expect(burnRates(bad, NOW, OBJECTIVES)[0]).toMatchObject({ long: 20, short: 20, tooFast: true });
    const healed = new Date(NOW.getTime() + 6 * MINUTE * 1_000);
    expect(burnRates(bad, healed, OBJECTIVES)[0]).toMatchObject({ long: 20, short: null, tooFast: false });
  });

  it('a slow leak of budget is a ticket and no page', () => {
    const leak = Array.from({ length: 72 }, (_, n) => ago(n * HOUR, 1_000, 8));
    const tooFast = burnRates(leak, NOW, OBJECTIVES).filter(({ tooFast }) => tooFast);
    expect(tooFast.map(({ objective, severity }) => [objective, severity])).toEqual([['success', 'ticket']]);
  });

  it('one failure in little traffic alarms nobody', () => {
    expect(burnRates([ago(1, 10, 1)], NOW, OBJECTIVES).some(({ tooFast }) => tooFast)).toBe(false);
  });
});

describe('tallies', () => {
  it('what was not answered in time is slow', () => {
    const buckets = [
      { le: 0.3, count: 7 },
      { le: 0.5, count: 8 },
      { le: Infinity, count: 10 },
    ];
    const at = NOW.toISOString();
    expect(tallyOf({ requests: 10, failed: 1, buckets }, at, 0.5)).toEqual({
      at,
      requests: 10,
      failed: 1,
      slow: 2,
    });
  });

  it('however traffic is cut into tallies, the budget is the same', () => {
    const spans = fc.array(fc.tuple(fc.integer({ min: 0, max: 5_000 }), fc.nat(50)), { minLength: 1 });
    fc.assert(
      fc.property(spans, (cuts) => {
        const parts = cuts.map(([requests, failed]) => ago(MINUTE, requests + failed, failed));
        const sum = (of: (tally: Tally) => number) => parts.reduce((total, tally) => total + of(tally), 0);
        const whole = ago(
          MINUTE,
          sum((t) => t.requests),
          sum((t) => t.failed),
        );
        expect(errorBudgets(parts, NOW, OBJECTIVES)).toEqual(errorBudgets([whole], NOW, OBJECTIVES));
      }),
      { seed: 2001 },
    );
  });
});

describe('permission to release', () => {
  const budgetsOf = (failed: number) => errorBudgets([ago(1, 1_000, failed)], NOW, OBJECTIVES);
  const passed = { kind: 'passed', because: 'commit c0ffee passed 812 tests in 9 stages' } as const;
  const untested = {
    kind: 'untested',
    because: 'commit c0ffee has no run of the tests: run npm test',
  } as const;

  it('is granted while budget remains and the commit was tested', () => {
    expect(mayRelease({ budgets: budgetsOf(0), tested: passed })).toMatchObject({
      kind: 'granted',
      overrides: [],
    });
    expect(mayRelease({ budgets: errorBudgets([], NOW, OBJECTIVES), tested: passed }).kind).toBe('granted');
  });

  it('an empty budget freezes releases', () => {
    expect(mayRelease({ budgets: budgetsOf(5), tested: passed })).toEqual({
      kind: 'refused',
      because: 'success: the error budget is empty (5 of 5 allowed bad requests of 1000)',
      missing: ['freeze'],
    });
    expect(sloSentences(sloReport([ago(1, 1_000, 5)], NOW, OBJECTIVES)).at(-1)).toBe('releases are frozen');
  });

  it('a refusal says how it is overridden', () => {
    const refused = mayRelease({ budgets: budgetsOf(5), tested: untested });
    if (refused.kind !== 'refused') throw new Error('expected a refusal');
    expect(fixesOf(refused)).toEqual([
      expect.stringMatching(/npx devops slo.* --unfreeze WHY$/),
      expect.stringMatching(/npm test.* --untested WHY$/),
    ]);
  });

  it('an override needs a reason, and is handed back to be logged', () => {
    expect(mayRelease({ budgets: budgetsOf(5), tested: passed }, { freeze: '  ' }).kind).toBe('refused');
    expect(mayRelease({ budgets: budgetsOf(5), tested: passed }, { freeze: 'mends the errors' })).toEqual({
      kind: 'granted',
      because: 'overridden: mends the errors',
      overrides: [
        {
          action: 'freeze.overridden',
          because: 'mends the errors',
          details: { overridden: 'success: the error budget is empty (5 of 5 allowed bad requests of 1000)' },
        },
      ],
    });
  });

  it('an untested commit is refused, and each refusal needs its own override', () => {
    const grounds = { budgets: budgetsOf(9), tested: untested };
    expect(mayRelease(grounds, { freeze: 'urgent' })).toEqual({
      kind: 'refused',
      because: untested.because,
      missing: ['untested'],
    });
    expect(mayRelease(grounds, { freeze: 'urgent', untested: 'tried by hand' })).toMatchObject({
      kind: 'granted',
      overrides: [{ action: 'freeze.overridden' }, { action: 'untested.overridden' }],
    });
  });
});
