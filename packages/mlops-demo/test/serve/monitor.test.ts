import { describe, expect, it } from 'vitest';
import { seedRandom } from '../../src/seeded-random.js';
import { Monitor } from '../../src/serve/monitor.js';
import { driftCheckLine } from '../../src/serve/monitor-report.js';
import { populationStability } from '../../src/monitor/population-stability.js';
import { SlidingWindow } from '../../src/serve/sliding-window.js';

const REFERENCE = { riskHistogram: [0.4, 0.2, 0.1, 0.1, 0.05, 0.05, 0.03, 0.03, 0.02, 0.02], baseRate: 0.2 };

/** Risks that fall into the bins with these shares. */
function watch(monitor: Monitor, shares: readonly number[], predictions: number): void {
  for (const [bin, share] of shares.entries()) {
    for (let i = 0; i < Math.round(share * predictions); i++) monitor.predicted(undefined, bin / 10 + 0.05);
  }
}

describe('population stability', () => {
  it('equals values computed in Python', () => {
    // sum((q - p) * math.log(q / p) for p, q in zip([.2, .3, .5], [.3, .3, .4]))
    expect(populationStability([0.2, 0.3, 0.5], [0.3, 0.3, 0.4])).toBeCloseTo(0.0628608659, 9);
    // The same for [.4, .2, .1, .1, .05, .05, .03, .03, .02, .02] and its reverse.
    expect(populationStability(REFERENCE.riskHistogram, REFERENCE.riskHistogram.toReversed())).toBeCloseTo(
      3.4427995466,
      9,
    );
  });

  it('an unchanged distribution has a PSI of 0, and an empty bin does not make it infinite', () => {
    expect(populationStability([0.5, 0.5], [0.5, 0.5])).toBe(0);
    expect(populationStability([0.5, 0.5], [1, 0])).toBeCloseTo(4.6043185, 6);
  });
});

describe('monitor', () => {
  it('too few predictions have no PSI', () => {
    const monitor = new Monitor(REFERENCE);
    watch(monitor, REFERENCE.riskHistogram, 100);
    expect(monitor.check().drift).toEqual({
      psi: null,
      verdict: 'too few',
      because: '100 predictions; a verdict needs 500',
    });
  });

  it('risks like those of the test are stable, others have moved or shifted', () => {
    const stable = new Monitor(REFERENCE);
    watch(stable, REFERENCE.riskHistogram, 1000);
    expect(stable.check().drift).toEqual({
      psi: 0,
      verdict: 'stable',
      because: 'PSI 0.000 over the last 1,000 predictions (6 % of a day) is below 0.1',
    });
    const moved = new Monitor(REFERENCE);
    const half = REFERENCE.riskHistogram.map((share, at) =>
      at === 0 ? share - 0.13 : at === 1 ? share + 0.13 : share,
    );
    watch(moved, half, 1000);
    const { psi, verdict, because } = moved.check().drift;
    expect(verdict).toBe('moved');
    expect(because).toContain(
      `PSI ${psi?.toFixed(3)} over the last 1,000 predictions (6 % of a day) is between 0.1 and 0.25`,
    );
    const shifted = new Monitor(REFERENCE);
    watch(shifted, REFERENCE.riskHistogram.toReversed(), 1000);
    expect(shifted.check().drift).toMatchObject({
      verdict: 'shifted',
      psi: expect.closeTo(3.4428, 4) as number,
    });
  });

  it('the window forgets: after a day of other risks nothing of the old ones is left', () => {
    const monitor = new Monitor(REFERENCE);
    watch(monitor, [1], 20_000);
    watch(monitor, REFERENCE.riskHistogram, 16_500);
    const { predictions, riskHistogram, drift } = monitor.check();
    expect(predictions).toBe(16_500);
    expect(riskHistogram.live).toEqual(REFERENCE.riskHistogram);
    expect(drift.because).toBe('PSI 0.000 over the last 16,500 predictions is below 0.1');
  });

  it('a retried question counts once, and a landing labels once', () => {
    const monitor = new Monitor(REFERENCE);
    monitor.predicted('A', 0.9);
    monitor.predicted('A', 0.9);
    monitor.landed('A', 20);
    monitor.landed('A', 20);
    monitor.landed('B', 20);
    const { predictions, performance } = monitor.check();
    expect(predictions).toBe(1);
    expect(performance).toMatchObject({ landed: 1, auc: null });
  });

  it('risks that are right have the log loss of their own entropy, and beat the base rate', () => {
    const random = seedRandom(11);
    const monitor = new Monitor(REFERENCE);
    for (let i = 0; i < 5000; i++) {
      const risk = random() < 0.2 ? 0.9 : 0.05;
      monitor.predicted(`flight-${i}`, risk);
      monitor.landed(`flight-${i}`, random() < risk ? 15 : 14);
    }
    const { performance } = monitor.check();
    // 0.2·H(0.9) + 0.8·H(0.05) = 0.2·0.3251 + 0.8·0.1985
    expect(performance?.logLoss).toBeCloseTo(0.2238, 1);
    expect(performance?.auc).toBeGreaterThan(0.85);
    expect(performance?.because).toMatch(
      /^AUC 0\.\d{3} over the last 5,000 landed flights; log loss 0\.2\d\d, the base rate's 0\.5/,
    );
  });

  it('a check is one line', () => {
    expect(driftCheckLine(new Monitor(REFERENCE).check())).toBe(
      'drift check: too few, 0 predictions; a verdict needs 500; no predicted flight has landed yet',
    );
  });

  it('a sliding window gives back what has to leave', () => {
    const window = new SlidingWindow(3);
    expect([1, 2, 3, 4, 5].map((entry) => window.push(entry))).toEqual([
      undefined,
      undefined,
      undefined,
      1,
      2,
    ]);
    expect(Array.from(window.values().toSorted())).toEqual([3, 4, 5]);
  });
});
