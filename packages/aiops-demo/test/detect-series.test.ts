import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { RarityHistory } from '../src/detect/rarity.js';
import { RecentValues } from '../src/detect/recent-values.js';
import { createRefractory } from '../src/detect/refractory.js';
import { Season } from '../src/detect/season.js';
import { SelfSimilarity } from '../src/detect/self-similarity.js';
import { createSeriesDetector } from '../src/detect/series-detector.js';
import type { SeriesVerdict } from '../src/detect/series-detector.js';
import { createStaticLimits } from '../src/detect/static-limits.js';
import { ALARM_SCORE, scoreOf } from '../src/detect/streaming-detector.js';
import { createTimeOrder } from '../src/detect/time-order.js';
import { createWindowedGaussian } from '../src/detect/windowed-gaussian.js';
import { dice } from './simulation.js';

const START = Date.parse('2026-01-01T00:00:00Z');
const STEP_MS = 300_000;
const VALUES_A_DAY = 288;

function watch(values: readonly number[], detector = createSeriesDetector(), from = 0): SeriesVerdict[] {
  return values.map((value, index) => detector.next(START + (from + index) * STEP_MS, value));
}
const alarmRows = (verdicts: readonly SeriesVerdict[]) =>
  verdicts.flatMap(({ alarm }, row) => (alarm === null ? [] : [row]));
const times = (count: number, value: number) => Array.from({ length: count }, () => value);
const noise = (count: number, random: () => number) => Array.from({ length: count }, () => 100 + random());

/** Days at 20 by night and 80 from nine to six, with noise; on `quietDay` nobody comes. */
function days(count: number, quietDay: number, random: () => number): number[] {
  return Array.from({ length: count * VALUES_A_DAY }, (_, index) => {
    const hour = (index % VALUES_A_DAY) / 12;
    const isOpen = hour >= 9 && hour < 18 && Math.floor(index / VALUES_A_DAY) !== quietDay;
    return isOpen ? 72 + 16 * random() : 18 + 4 * random();
  });
}

test('recent values: the newest is 1 ago, and only as many are kept as fit', () => {
  const recent = new RecentValues(3);
  for (const value of [1, 2, 3, 4]) recent.push(value);
  expect([1, 2, 3].map((lag) => recent.ago(lag))).toEqual([4, 3, 2]);
  expect(() => recent.ago(4)).toThrow('expected a lag of 1 to 3, got 4');
});

describe('self-similarity', () => {
  test('what came back is near, what never was is far', () => {
    const similarity = new SelfSimilarity();
    const distances = [1, 2, 3, 1, 2, 3, 1, 2, 9].map((value) => similarity.next(value));
    expect(distances.at(-2)).toBeLessThan(0.2);
    expect(distances.at(-1)).toBeGreaterThanOrEqual(6);
    expect(similarity.expected()).toBe(3);
  });

  test('it is the definition: the smallest fading sum of squared differences over all lags', () => {
    const value = fc.integer({ min: -50, max: 50 });
    fc.assert(
      fc.property(fc.array(value, { minLength: 2, maxLength: 40 }), (values) => {
        const similarity = new SelfSimilarity();
        const [distance] = values.map((x) => similarity.next(x)).slice(-1);
        const t = values.length - 1;
        const sums = values.slice(1).map((_, index) => {
          const lag = index + 1;
          return values.slice(lag).reduce((sum, x, i) => sum / 2 + (x - (values[i] ?? 0)) ** 2, 0);
        });
        expect(sums).toHaveLength(t);
        expect(distance).toBeCloseTo(Math.sqrt(Math.min(...sums)), 9);
      }),
    );
  });
});

describe('rarity', () => {
  const after = (numbers: readonly number[], number: number) => {
    const history = new RarityHistory();
    for (const earlier of numbers) history.next(earlier);
    return history.rarityOf(number);
  };

  test('the largest of a thousand has evidence 2.21, the smallest none', () => {
    const numbers = Array.from({ length: 999 }, (_, index) => index + 1);
    expect(after(numbers, 2_000).evidence).toBeCloseTo(2.21, 2);
    expect(after(numbers, 0).evidence).toBeLessThan(0);
  });

  test('what is as large as others is as rare as they are', () => {
    expect(after([...times(90, 1), ...times(10, 8)], 8)).toMatchObject({
      asLarge: expect.closeTo(10, 0) as number,
    });
  });

  test('numbers of long ago count less: after 40,000 small ones a large one is rare again', () => {
    const history = new RarityHistory();
    for (let index = 0; index < 4_000; index += 1) history.next(10);
    const before = history.rarityOf(10).evidence;
    for (let index = 0; index < 40_000; index += 1) history.next(1);
    expect(before).toBeLessThan(0);
    expect(history.rarityOf(10).evidence).toBeGreaterThan(2);
  });

  test('the unit does not matter', () => {
    const number = fc.integer({ min: 0, max: 1_000 });
    fc.assert(
      fc.property(
        fc.array(number, { maxLength: 60 }),
        number,
        fc.integer({ min: -20, max: 20 }),
        (numbers, last, octaves) => {
          const scaled = numbers.map((value) => value * 2 ** octaves);
          expect(after(scaled, last * 2 ** octaves).evidence).toBeCloseTo(after(numbers, last).evidence, 6);
        },
      ),
    );
  });
});

describe('season', () => {
  function seasonOf(values: readonly number[]) {
    const [recent, levels] = [new RecentValues(1_000), new RecentValues(1_000)];
    const season = new Season(recent, levels);
    return values.map((value) => {
      const seasonal = season.next(value, value);
      recent.push(value);
      levels.push(value);
      return seasonal;
    });
  }

  test('it finds the period and what is missing', () => {
    const wave = Array.from({ length: 500 }, (_, index) => Math.sin((2 * Math.PI * index) / 24));
    const [last] = seasonOf([...wave, -5]).slice(-1);
    expect(last?.period).toBe(24);
    expect(last?.distance).toBeGreaterThan(3.9);
  });

  test('noise and a level that stays have none', () => {
    const random = dice(1);
    expect(seasonOf(noise(2_000, random)).filter((seasonal) => seasonal !== null)).toHaveLength(0);
    expect(seasonOf(times(2_000, 7)).filter((seasonal) => seasonal !== null)).toHaveLength(0);
  });
});

test('time order: late and repeated times, gaps, and a clock that was set back', () => {
  const orderOf = createTimeOrder();
  expect([0, 60, 60, 120, 90, 9_000, 9_060, 0].map(orderOf)).toEqual([
    'next',
    'next',
    'late',
    'next',
    'late',
    'after a gap',
    'next',
    'next',
  ]);
});

test('refractory period: one alarm in 26 values', () => {
  const isNew = createRefractory();
  const alarms = Array.from({ length: 60 }, () => isNew(true)).flatMap((on, row) => (on ? [row] : []));
  expect(alarms).toEqual([0, 26, 52]);
});

test('score: a half at the bar, more above', () => {
  expect(scoreOf(1.46, 1.46)).toBe(ALARM_SCORE);
  expect(scoreOf(2.46, 1.46)).toBeCloseTo(0.909, 3);
});

describe('series detector', () => {
  test('a constant series is silent, and its first change is an alarm that says why', () => {
    const verdicts = watch([...times(1_000, 20), 80]);
    expect(alarmRows(verdicts)).toEqual([1_000]);
    expect(verdicts.at(-1)?.alarm?.because).toBe(
      'expected about 20, seen 80, at most 1 in 886 values was as unusual, since 2026-01-04T11:20:00.000Z',
    );
  });

  test('rounding in the last digits is no change', () => {
    const values = Array.from({ length: 1_000 }, (_, index) => (index % 7 === 0 ? 0.1 + 0.2 : 0.3));
    expect(alarmRows(watch(values))).toEqual([]);
  });

  test('a new level is one alarm, not one for each of its values', () => {
    const random = dice(2);
    const values = [...noise(1_500, random), ...noise(300, random).map((value) => value + 50)];
    const alarms = alarmRows(watch(values)).filter((row) => row >= 1_500);
    expect(alarms[0]).toBe(1_500);
    expect(alarms.length).toBeLessThanOrEqual(2);
  });

  test('a day without its morning is an alarm before ten, though every single value is usual', () => {
    const quietDay = 10;
    const verdicts = watch(days(12, quietDay, dice(3)));
    const nine = quietDay * VALUES_A_DAY + 9 * 12;
    const [alarm] = verdicts.slice(nine, nine + 12).flatMap((verdict) => verdict.alarm ?? []);
    expect(alarm?.because).toMatch(
      /^expected about \d+(\.\d+)? at this point of a season of 2[89]\d values, seen /,
    );
  });

  test('what comes back every day is no alarm', () => {
    const verdicts = watch(days(12, -1, dice(4)));
    const perDay = alarmRows(verdicts).filter((row) => row >= 4 * VALUES_A_DAY).length / 8;
    expect(perDay).toBeLessThan(0.8);
  });

  test('noise without any trouble: less than one alarm in 200 values', () => {
    const alarms = [5, 6, 7].map((seed) => alarmRows(watch(noise(4_000, dice(seed)))).length);
    expect(Math.max(...alarms)).toBeLessThan(20);
  });

  test('late, repeated and impossible values are ignored and change nothing', () => {
    const values = noise(600, dice(8));
    const [straight, disturbed] = [createSeriesDetector(), createSeriesDetector()];
    values.forEach((value, index) => {
      const at = START + index * STEP_MS;
      const expected = straight.next(at, value);
      expect(disturbed.next(at, value)).toEqual(expected);
      for (const wrong of [Number.NaN, Infinity, 1e200]) {
        expect(disturbed.next(at + 1, wrong).state).toBe('ignored');
      }
      expect(disturbed.next(at, 1e6).state).toBe('ignored');
      expect(disturbed.next(at - STEP_MS, 1e6).state).toBe('ignored');
    });
  });

  test('after a gap it waits three values', () => {
    const [running, restarted] = [createSeriesDetector(), createSeriesDetector()];
    for (const detector of [running, restarted]) watch(noise(1_000, dice(9)), detector);
    expect(alarmRows(watch([0, 0, 0], running, 1_000))).toEqual([0]);
    expect(alarmRows(watch([0, 0, 0], restarted, 1_500))).toEqual([]);
  });

  test('direction and unit do not matter', () => {
    const values = [...noise(400, dice(10)), 103];
    const rows = alarmRows(watch(values));
    expect(rows).toContain(400);
    expect(alarmRows(watch(values.map((value) => -1_024 * value)))).toEqual(rows);
  });

  test('no look-ahead: what comes later changes no earlier verdict', () => {
    const value = fc.integer({ min: 0, max: 9 });
    fc.assert(
      fc.property(
        fc.array(value, { minLength: 100, maxLength: 160 }),
        fc.array(value, { maxLength: 20 }),
        (before, after) => {
          expect(watch([...before, ...after]).slice(0, before.length)).toEqual(watch(before));
        },
      ),
      { numRuns: 25 },
    );
  });
});

describe('the baselines', () => {
  test('windowed Gaussian: three standard deviations', () => {
    const detector = createWindowedGaussian();
    const values = Array.from({ length: 200 }, (_, index) => (index % 2 === 0 ? 9 : 11));
    values.forEach((value, index) => detector.next(index, value));
    expect(detector.next(200, 12.9)).toMatchObject({ state: 'normal' });
    expect(detector.next(201, 13.5).score).toBeGreaterThan(ALARM_SCORE);
  });

  test('static limits: outside of the first 250 values', () => {
    const detector = createStaticLimits();
    for (let index = 0; index < 250; index += 1) detector.next(index, 10 + (index % 11));
    expect([10, 20, 21, 9].map((value, index) => detector.next(250 + index, value).state)).toEqual([
      'normal',
      'normal',
      'anomalous',
      'anomalous',
    ]);
  });
});
