import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AuditEntry } from '../../src/delivery/audit.js';
import { dora, doraWindow } from '../../src/delivery/dora.js';
import { doraSentences } from '../../src/delivery/dora/sentences.js';
import { median } from '../../src/delivery/median.js';

/** The minute of a day in July, so that histories can be worked out by hand. */
const minute = (n: number) => new Date(Date.UTC(2026, 6, 1, 0, n)).toISOString();
const WEEK = { from: minute(0), to: new Date(Date.UTC(2026, 6, 8)).toISOString() };

function said(n: number, action: string, version: string, details: Record<string, unknown> = {}): AuditEntry {
  return {
    at: minute(n),
    actor: 'pipeline',
    action,
    subject: `flights-api ${version}`,
    because: 'a test',
    details,
  };
}

const committed = (...minutes: number[]) => ({
  changes: minutes.map((n) => ({ commit: `c${n}`, committedAt: minute(n) })),
});

describe('DORA on histories worked out by hand', () => {
  it('an empty log has no rates, and says so instead of 0', () => {
    expect(dora([], WEEK)).toEqual({
      window: WEEK,
      deploymentsPerDay: 0,
      secondsBetweenDeployments: null,
      leadTimeSeconds: null,
      changeFailRate: null,
      recoverySeconds: null,
      recovered: 0,
      stillFailing: 0,
      deployments: [],
    });
    expect(doraSentences(dora([], WEEK))[2]).toContain('none yet');
  });

  it('one good release: committed at minute 10, promoted at minute 40', () => {
    const log = [said(30, 'release.started', '0.2.0', committed(10)), said(40, 'release.promoted', '0.2.0')];
    expect(dora(log, WEEK)).toMatchObject({
      deploymentsPerDay: 1 / 7,
      secondsBetweenDeployments: null,
      leadTimeSeconds: 1_800,
      changeFailRate: 0,
      recoverySeconds: null,
    });
  });

  it('many releases: lead time is the median over changes, not over releases', () => {
    const log = [
      said(20, 'release.started', '0.2.0', committed(10)),
      said(30, 'release.promoted', '0.2.0'), // 20 min
      said(50, 'release.started', '0.3.0', committed(35, 40, 45)),
      said(60, 'release.promoted', '0.3.0'), // 25, 20, 15 min
      said(70, 'release.started', '0.4.0', committed(5)),
      said(80, 'release.promoted', '0.4.0'), // 75 min
    ];
    // Sorted: 15, 20, 20, 25, 75. The gaps between promotions: 30 and 20.
    expect(dora(log, WEEK)).toMatchObject({ leadTimeSeconds: 1_200, secondsBetweenDeployments: 1_500 });
  });

  it('a rollback: failed from its first traffic, recovered when it was taken away, its change has not arrived', () => {
    const log = [
      said(10, 'release.started', '0.2.0', committed(0)),
      said(12, 'release.traffic-shifted', '0.2.0', { weight: 5 }),
      said(14, 'release.traffic-shifted', '0.2.0', { weight: 10 }),
      said(15, 'release.rolled-back', '0.2.0'),
    ];
    expect(dora(log, WEEK)).toMatchObject({
      changeFailRate: 1,
      recoverySeconds: 180,
      leadTimeSeconds: null,
      stillFailing: 0,
      deployments: [{ outcome: 'rolled-back', failedAt: minute(12), recoveredAt: minute(15) }],
    });
  });

  it('a version that dies at its start was taken back before any user met it: no deployment, no failure', () => {
    const log = [
      said(10, 'release.started', '0.2.0', committed(0)),
      said(12, 'release.rolled-back', '0.2.0'),
      said(20, 'release.started', '0.3.0', committed(15)),
      said(30, 'release.promoted', '0.3.0'),
    ];
    expect(dora(log, WEEK)).toMatchObject({
      deployments: [{ subject: 'flights-api 0.3.0', failures: [] }],
      changeFailRate: 0,
      recoverySeconds: null,
    });
  });

  it('a hotfix: a promoted release fails, and is restored when the next one has mended it', () => {
    const log = [
      said(10, 'release.started', '0.2.0', committed(0)),
      said(20, 'release.promoted', '0.2.0'),
      said(50, 'release.failed', '0.2.0'),
      said(60, 'release.started', '0.2.1', committed(55)),
      said(65, 'release.promoted', '0.2.1'),
      said(66, 'release.restored', '0.2.0'),
    ];
    // Lead times 20 and 10 min; one of two deployments failed; down from 50 to 66.
    expect(dora(log, WEEK)).toMatchObject({
      changeFailRate: 0.5,
      recoverySeconds: 960,
      leadTimeSeconds: 900,
    });
  });

  it('a deployment that fails again after its recovery is still failing, and stays one of the deployments that failed', () => {
    const log = [
      said(10, 'release.promoted', '0.2.0'),
      said(15, 'release.promoted', '0.3.0'),
      said(20, 'release.failed', '0.2.0'),
      said(24, 'release.restored', '0.2.0'), // 4 min
      said(40, 'release.failed', '0.2.0'),
    ];
    expect(dora(log, WEEK)).toMatchObject({
      changeFailRate: 0.5,
      recoverySeconds: 240,
      recovered: 1,
      stillFailing: 1,
      deployments: [{ failedAt: minute(40), recoveredAt: undefined }, { failures: [] }],
    });
    const over = [...log, said(50, 'release.restored', '0.2.0')]; // 10 min
    expect(dora(over, WEEK)).toMatchObject({ recoverySeconds: 420, recovered: 2, stillFailing: 0 });
    expect(doraSentences(dora(over, WEEK))[3]).toBe(
      'failed deployment recovery  7.0 min (median of 2 recovered)',
    );
  });

  it('overlapping failures: each deployment has its own time, and an unrecovered one none', () => {
    const log = [
      said(10, 'release.promoted', '0.2.0'),
      said(20, 'release.promoted', '0.3.0'),
      said(30, 'release.promoted', '0.4.0'),
      said(40, 'release.failed', '0.2.0'),
      said(45, 'release.failed', '0.3.0'),
      said(46, 'release.failed', '0.3.0'), // told again: the first time counts
      said(50, 'release.restored', '0.3.0'), // 5 min
      said(60, 'release.restored', '0.2.0'), // 20 min
      said(70, 'release.failed', '0.4.0'), // still failing
    ];
    expect(dora(log, WEEK)).toMatchObject({ changeFailRate: 1, recoverySeconds: 750, stillFailing: 1 });
    expect(doraSentences(dora(log, WEEK))[3]).toBe(
      'failed deployment recovery  12.5 min (median of 2 recovered, 1 still failing)',
    );
  });

  it('a stopped, a refused and an unfinished release are no deployments', () => {
    const log = [
      said(10, 'release.started', '0.2.0'),
      said(12, 'release.traffic-shifted', '0.2.0', { weight: 5 }),
      said(15, 'release.stopped', '0.2.0'),
      said(16, 'release.refused', '0.3.0'),
      said(17, 'release.started', '0.4.0'),
    ];
    expect(dora(log, WEEK).deployments).toEqual([]);
  });

  it('a release that is tried again after a rollback is two deployments', () => {
    const log = [
      said(9, 'release.started', '0.2.0', committed(0)),
      said(10, 'release.traffic-shifted', '0.2.0', { weight: 5 }),
      said(12, 'release.rolled-back', '0.2.0'),
      said(20, 'release.started', '0.2.0', committed(0)),
      said(30, 'release.promoted', '0.2.0'),
    ];
    expect(dora(log, WEEK)).toMatchObject({
      changeFailRate: 0.5,
      leadTimeSeconds: 1_800,
      recoverySeconds: 120,
    });
  });

  it('an end that a killed controller told twice is one deployment', () => {
    const log = [10, 11].map((n) => said(n, 'release.promoted', '0.2.0', { release: 'r1' }));
    expect(dora(log, WEEK).deployments).toHaveLength(1);
  });

  it('what ended before the window is not counted', () => {
    const log = [said(10, 'release.promoted', '0.2.0'), said(30, 'release.promoted', '0.3.0')];
    const window = { ...WEEK, from: minute(20) };
    expect(dora(log, window).deployments.map(({ subject }) => subject)).toEqual(['flights-api 0.3.0']);
  });

  it('a log of minutes counts as one day', () => {
    const log = [said(10, 'release.promoted', '0.2.0'), said(12, 'release.promoted', '0.3.0')];
    const window = doraWindow(log, new Date(minute(15)));
    expect(window).toEqual({ from: minute(10), to: minute(15) });
    expect(dora(log, window).deploymentsPerDay).toBe(2);
  });

  it('any history keeps its measures in their ranges', () => {
    const actions = [
      'started',
      'traffic-shifted',
      'promoted',
      'rolled-back',
      'stopped',
      'failed',
      'restored',
    ];
    const event = fc.record({ action: fc.constantFrom(...actions), version: fc.constantFrom('a', 'b', 'c') });
    fc.assert(
      fc.property(fc.array(event, { maxLength: 60 }), (events) => {
        const log = events.map(({ action, version }, n) => said(n, `release.${action}`, version));
        const measures = dora(log, WEEK);
        const failed = measures.deployments.filter(({ failedAt }) => failedAt !== undefined);
        expect(measures.changeFailRate ?? 0).toBeGreaterThanOrEqual(0);
        expect(measures.changeFailRate ?? 0).toBeLessThanOrEqual(1);
        expect(measures.recoverySeconds ?? 0).toBeGreaterThanOrEqual(0);
        expect(measures.stillFailing).toBeLessThanOrEqual(failed.length);
        const count = (what: string) => events.filter(({ action }) => action === what).length;
        const [fewest, most] = [count('promoted'), count('promoted') + count('rolled-back')];
        expect(measures.deployments.length).toBeGreaterThanOrEqual(fewest);
        expect(measures.deployments.length).toBeLessThanOrEqual(most);
      }),
      { seed: 2001 },
    );
  });
});

it('the median of an even number of values is between the two middle ones', () => {
  expect([median([]), median([3, 1, 2]), median([4, 1, 3, 2])]).toEqual([null, 2, 2.5]);
});
