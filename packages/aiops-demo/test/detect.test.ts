import { existsSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Detection } from '../src/detect/anomaly.js';
import { findNovelties } from '../src/detect/novelty.js';
import { persistenceOf, persists } from '../src/detect/persistence.js';
import { robustZ } from '../src/detect/robust-z.js';
import { staticThreshold } from '../src/detect/static-threshold.js';
import { createWatchMemory, knowLevel } from '../src/detect/watch-memory.js';
import { watchSignal } from '../src/detect/watch-signal.js';
import { STAGES_NOT_YET } from '../src/report/stages.js';
import { signals } from '../src/signals.js';
import type { Signal } from '../src/signals.js';
import { SAMPLING, START, STEP_MS } from './simulation.js';

function signalOf(id: string): Signal {
  const signal = signals.find((candidate) => candidate.id === id);
  if (signal === undefined) throw new Error(`signalOf: expected a known signal, got ${id}`);
  return signal;
}
const circuit = signalOf('flights-api/circuit-state');
const latency = signalOf('flights-api/latency-p95');
const traffic = signalOf('replay/departure-rate');

/** Watches values that come every 2 s; null is a missing value. */
function watch(
  signal: Signal,
  values: readonly (number | null)[],
  memory = createWatchMemory(),
  from = 0,
): Detection[] {
  return values.map((value, index) => {
    const at = START + (from + index) * STEP_MS;
    const sample =
      value === null
        ? { signalId: signal.id, at, value, because: 'nobody asked' }
        : { signalId: signal.id, at, value };
    return watchSignal(signal, sample, memory, SAMPLING);
  });
}
const times = (count: number, value: number | null): (number | null)[] =>
  Array.from({ length: count }, () => value);
const statesOf = (detections: readonly Detection[]) => detections.map(({ state }) => state);

describe('robustZ', () => {
  test('the textbook example: the median absolute deviation of 1 1 2 2 4 6 9 is 1', () => {
    // https://en.wikipedia.org/wiki/Median_absolute_deviation, "Example".
    expect(robustZ([1, 1, 2, 2, 4, 6, 9], 2 + 1.4826 * 3)).toEqual({ expected: 2, spread: 1.4826, z: 3 });
  });

  test('a wild value moves nothing', () => {
    expect(robustZ([1, 2, 3, 4, 100], 6).expected).toBe(3);
  });

  test('after a constant window any change is infinitely unusual, and no change is none', () => {
    expect(robustZ([5, 5, 5], 5.1).z).toBe(Infinity);
    expect(robustZ([5, 5, 5], 5).z).toBe(0);
  });
});

test('k of n: a gauge needs 4 of 5, what looks back 15 s needs 9 of 10', () => {
  expect(persistenceOf('gauge', SAMPLING)).toEqual({ k: 4, n: 5 });
  expect(persistenceOf('quantile', SAMPLING)).toEqual({ k: 9, n: 10 });
  expect(persists([true, true, false, true, true], { k: 4, n: 5 })).toBe(true);
  expect(persists([true, true, true, true, false, false], { k: 4, n: 5 })).toBe(false);
});

test('the baseline: a static threshold with a duration', () => {
  expect(staticThreshold([1, 9, 9, null, 9, 9, 9], { limit: 5, bad: 'up', forPoints: 2 })).toEqual([
    false,
    false,
    true,
    false,
    false,
    true,
    true,
  ]);
});

describe('watchSignal', () => {
  test('learns for 20 s, then judges', () => {
    expect(statesOf(watch(circuit, times(12, 0)))).toEqual([
      ...Array<string>(10).fill('learning'),
      'normal',
      'normal',
    ]);
  });

  test('says expected, seen, how unusual, since when', () => {
    const steady = Array.from({ length: 30 }, (_, i) => 0.01 + (i % 5) * 0.001);
    const [last] = watch(latency, [...steady, ...times(9, 0.6)]).slice(-1);
    expect(last).toMatchObject({
      state: 'anomalous',
      because: 'expected 12 ms, seen 600 ms, 397 times its usual spread, since 2026-01-01T00:01:00.000Z',
    });
  });

  test('a constant series: a change below the floor is normal, one above is not', () => {
    expect(watch(latency, [...times(20, 0.01), ...times(20, 0.1)]).at(-1)?.state).toBe('normal');
    expect(watch(latency, [...times(20, 0.01), ...times(20, 0.12)]).at(-1)?.state).toBe('anomalous');
  });

  test('the good direction is no anomaly, and is learned when it lasts', () => {
    const memory = createWatchMemory();
    expect(statesOf(watch(circuit, [...times(15, 1), ...times(15, 0)], memory))).not.toContain('anomalous');
    expect(watch(circuit, times(5, 1), memory, 30).at(-1)?.state).toBe('anomalous');
  });

  test('a symptom that lasts stays an anomaly; lasting lower traffic becomes normal', () => {
    const symptom = watch(circuit, [...times(15, 0), ...times(300, 1)]);
    expect(symptom.at(-1)?.state).toBe('anomalous');
    const fewer = watch(traffic, [...times(15, 20), ...times(60, 5)]);
    expect(statesOf(fewer)).toContain('anomalous');
    expect(fewer.at(-1)?.state).toBe('normal');
  });

  test('learning pauses while a signal is anomalous: after an hour of fault it still knows what is normal', () => {
    const memory = createWatchMemory();
    watch(circuit, [...times(15, 0), ...times(1_800, 1)], memory);
    const after = watch(circuit, times(4, 0), memory, 1_815);
    expect(statesOf(after)).toEqual(['anomalous', 'anomalous', 'normal', 'normal']);
  });

  test('one value outside, and one missing, are nothing', () => {
    const values = [...times(15, 0), 1, 0, null, 0, 1, 0, 0];
    expect(statesOf(watch(circuit, values))).not.toContain('anomalous');
  });

  test('an anomaly outlasts a short gap and ends in a long one', () => {
    const memory = createWatchMemory();
    watch(circuit, [...times(15, 0), ...times(6, 1)], memory);
    const gap = watch(circuit, times(8, null), memory, 21);
    expect(gap[0]).toMatchObject({ state: 'anomalous', value: null, because: 'no value: nobody asked' });
    expect(gap.at(-1)?.state).toBe('normal');
  });

  test('after a long gap it waits before it judges, and keeps what it knew', () => {
    const memory = createWatchMemory();
    watch(circuit, times(15, 0), memory);
    watch(circuit, times(15, null), memory, 15);
    const back = watch(circuit, times(16, 1), memory, 30);
    expect(statesOf(back).slice(0, 10)).toEqual(Array(10).fill('learning'));
    expect(back.at(-1)?.state).toBe('anomalous');
  });

  test('late and repeated samples change nothing', () => {
    const memory = createWatchMemory();
    const [last] = watch(circuit, times(15, 0), memory).slice(-1);
    expect(watch(circuit, times(10, 1), memory, 5)).toEqual(Array(10).fill(last));
  });

  test('a clock that is set back an hour does not blind it', () => {
    const memory = createWatchMemory();
    watch(circuit, times(15, 0), memory, 1_800);
    expect(watch(circuit, times(5, 1), memory, 0).at(-1)?.state).toBe('anomalous');
  });

  test('a level known from before a restart needs no learning', () => {
    const memory = createWatchMemory();
    knowLevel(memory, 0);
    expect(watch(circuit, times(4, 1), memory).at(-1)?.state).toBe('anomalous');
  });

  test.each([Number.NaN, Number.POSITIVE_INFINITY])('%d is no value', (value) => {
    expect(watch(circuit, [...times(12, 0), value]).at(-1)?.value).toBeNull();
  });

  test('no look-ahead: what comes later changes no earlier verdict', () => {
    const value = fc.option(fc.double({ min: 0, max: 2, noNaN: true }), { nil: null });
    fc.assert(
      fc.property(fc.array(value, { maxLength: 80 }), fc.array(value, { maxLength: 20 }), (before, after) => {
        expect(watch(latency, [...before, ...after]).slice(0, before.length)).toEqual(watch(latency, before));
      }),
    );
  });

  test('memory stays bounded', () => {
    const memory = createWatchMemory();
    const random = (index: number) => ((index * 7919) % 1_000) / 500;
    watch(
      latency,
      Array.from({ length: 5_000 }, (_, index) => random(index)),
      memory,
    );
    expect(
      Math.max(memory.learned.length, memory.worse.length, memory.run.values.length),
    ).toBeLessThanOrEqual(150);
  });
});

describe('novelty', () => {
  const parsed = (severity: 'INFO' | 'ERROR', isNewSeverity: boolean) => ({
    record: { at: 0, service: 'board', severity, body: 'x' },
    templateId: 't',
    template: 'x',
    isNew: isNewSeverity,
    isNewSeverity,
  });

  test('a new ERROR line counts after 20 s, a new INFO line or a known one never', () => {
    const memory = new Map<string, number>();
    expect(findNovelties([parsed('ERROR', true)], 0, memory)).toEqual([]);
    expect(findNovelties([parsed('ERROR', true)], 19_999, memory)).toEqual([]);
    expect(findNovelties([parsed('ERROR', true)], 20_000, memory)).toHaveLength(1);
    expect(findNovelties([parsed('INFO', true), parsed('ERROR', false)], 30_000, memory)).toEqual([]);
  });

  test('invented service names do not fill the memory', () => {
    const memory = new Map<string, number>();
    for (let index = 0; index < 1_000; index += 1) {
      const line = parsed('ERROR', true);
      findNovelties([{ ...line, record: { ...line.record, service: `s${index}` } }], 0, memory);
    }
    expect(memory.size).toBe(200);
  });
});

test('every stage names a file that exists', () => {
  const root = new URL('../../../', import.meta.url);
  for (const { file } of STAGES_NOT_YET) expect(existsSync(new URL(file, root))).toBe(true);
});
