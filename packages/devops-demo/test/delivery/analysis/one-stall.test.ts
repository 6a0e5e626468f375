import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { analysisRun } from '../../../src/delivery/analysis/analysis-run.js';
import type { CanaryWindow } from '../../../src/delivery/analyze.js';
import { WARM_UP } from '../../../src/delivery/warm-up.js';
import { measured, windowOf } from '../canary-windows.js';

const warmUp = { from: 0, answers: 900, ...WARM_UP };
const primary = measured(400);
/** Nearly every answer takes longer than 50 ms, where the primary's take 15. */
const SLOW = [0, 0.02, 0.05, 0.6, 1];
const alike: CanaryWindow = { ...windowOf(measured(400), primary, 9), warmUp };
const slow: CanaryWindow = { ...windowOf(measured(400, { shares: SLOW }), primary, 9), warmUp };
const kindAfter = (...windows: CanaryWindow[]) => analysisRun(windows).verdict.kind;

describe('a canary that is slow', () => {
  it('in one window only is not stopped, and the doubt is told', () => {
    expect([kindAfter(slow), kindAfter(alike, slow)]).toEqual(['inconclusive', 'inconclusive']);
    expect(analysisRun([alike, slow]).verdict.because).toContain('one stall explains');
  });

  it('in a second window too is stopped', () => {
    expect([kindAfter(slow, slow), kindAfter(alike, slow, slow)]).toEqual(['fail', 'fail']);
  });

  it('in one window only is taken back without blame, when the others do not outweigh it', () => {
    const windows = [slow, ...Array.from({ length: 40 }, () => alike)];
    const runs = windows.map((_, at) => analysisRun(windows.slice(0, at + 1)));
    expect(runs.find(({ finished }) => finished)?.verdict.kind).toBe('inconclusive');
  });

  it('and fails requests in the same window is stopped at once', () => {
    const failing = { ...slow, canary: { ...slow.canary, failures: 80 } };
    expect(kindAfter(failing)).toBe('fail');
  });

  it('by one reading of its event loop, in windows without an answer, is not stopped', () => {
    const { residentBytes } = primary.saturation;
    const lagging = (eventLoopLagSeconds: number | null) => ({
      ...windowOf(
        measured(100, {
          latency: [],
          saturation: { eventLoopLagSeconds, residentBytes, residentBytesPerSecond: null },
        }),
        measured(2_000),
        20,
      ),
      warmUp,
    });
    expect(kindAfter(lagging(null), lagging(0.2))).toBe('inconclusive');
    expect(kindAfter(lagging(0.2), lagging(0.2))).toBe('fail');
  });

  it('wherever one slow window stands, it alone never stops', () => {
    const property = fc.property(fc.integer({ min: 1, max: 9 }), fc.nat(8), (count, at) => {
      const windows = Array.from({ length: count }, (_, index) => (index === at ? slow : alike));
      return kindAfter(...windows) !== 'fail';
    });
    expect(() => fc.assert(property, { seed: 2001 })).not.toThrow();
  });
});
