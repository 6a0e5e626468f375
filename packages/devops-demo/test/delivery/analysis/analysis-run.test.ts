import { describe, expect, it } from 'vitest';
import { analysisRun } from '../../../src/delivery/analysis/analysis-run.js';
import { poolWindows } from '../../../src/delivery/analysis/pool-windows.js';
import { WARM_UP } from '../../../src/delivery/warm-up.js';
import { measured, windowOf } from '../canary-windows.js';

const repeated = <Item>(count: number, item: Item) => Array.from({ length: count }, () => item);

describe('an analysis run', () => {
  it('without traffic waits for nine windows and ends inconclusive at the tenth', () => {
    const silent = windowOf(measured(0), measured(900), 30);
    const runs = Array.from({ length: 10 }, (_, at) => analysisRun(repeated(at + 1, silent)));
    expect(runs.map(({ finished }) => finished)).toEqual([...repeated(9, false), true]);
    expect(runs.at(-1)?.verdict.kind).toBe('inconclusive');
    expect(runs.at(-1)?.verdict.because).toBe(
      'no answer after 10 windows: no request reached the canary: send it traffic, or look at its weight and route',
    );
  });

  it('of a good release asks for stronger proof at first, and passes at the sixth window of 100 requests', () => {
    const good = windowOf(measured(100), measured(900), 30);
    const kinds = Array.from({ length: 6 }, (_, at) => analysisRun(repeated(at + 1, good)).verdict.kind);
    expect(kinds).toEqual([...repeated(5, 'inconclusive'), 'pass']);
  });

  it('calls growth a leak after a minute of windows that tell it, and cold ones do not', () => {
    const window = (residentBytesPerSecond: number | null) => ({
      ...windowOf(
        measured(100, { saturation: { ...measured(1).saturation, residentBytesPerSecond } }),
        measured(900),
        20,
      ),
      warmUp: { from: 0, answers: 900, ...WARM_UP },
    });
    const [cold, warm] = [window(null), window(2e6)];
    expect(analysisRun([cold, cold, warm, warm]).verdict.because).toContain('40 s are too short');
    expect(analysisRun([cold, cold, warm, warm, warm]).verdict).toMatchObject({
      kind: 'fail',
      because: expect.stringContaining('it would double in 50 s') as string,
    });
  });

  it('ends at the first window when one in three requests fails', () => {
    const { finished, verdict } = analysisRun([windowOf(measured(30, { failures: 10 }))]);
    expect([finished, verdict.kind]).toEqual([true, 'fail']);
  });
});

describe('pooled windows', () => {
  const first = windowOf(
    measured(10, {
      failures: 1,
      restarts: 1,
      newLogTemplates: [{ template: 'slow', severity: 'WARN', count: 2 }],
    }),
  );
  const second = windowOf(
    measured(20, { newLogTemplates: [{ template: 'slow', severity: 'WARN', count: 3 }] }),
  );
  const pooled = poolWindows([first, second]).canary;

  it('add requests, failures, deaths and log lines', () => {
    expect(pooled).toMatchObject({ requests: 30, failures: 1, restarts: 1 });
    expect(pooled.newLogTemplates).toEqual([{ template: 'slow', severity: 'WARN', count: 5 }]);
  });

  it('leave out the latencies of the first, when caches are cold', () => {
    expect(pooled.latency).toEqual(second.canary.latency);
    expect(poolWindows([first]).canary.latency).toEqual([]);
  });

  it('average lag and growth over time and keep what was not measured null', () => {
    const lagging = (eventLoopLagSeconds: number | null, seconds: number) => ({
      ...windowOf(measured(10, { saturation: { ...pooled.saturation, eventLoopLagSeconds } })),
      seconds,
    });
    const lagOf = (...windows: ReturnType<typeof lagging>[]) =>
      poolWindows(windows).canary.saturation.eventLoopLagSeconds;
    expect(lagOf(lagging(9, 30), lagging(0.1, 30), lagging(0.4, 60))).toBeCloseTo(0.3, 12);
    expect(lagOf(lagging(9, 30), lagging(null, 30))).toBeNull();
  });

  it('need at least one window', () => {
    expect(() => poolWindows([])).toThrow('expected at least one window, got none');
  });
});
