import fc from 'fast-check';
import { expect, test } from 'vitest';
import { WindowSums } from '../src/features/window-sums.js';

test('a window counts what was before, not the minute of asking', () => {
  const window = new WindowSums(60);
  window.add(600, 12);
  window.add(610, 30);
  window.add(640, 5);
  expect(window.before(640, 60)).toEqual({ sum: 42, count: 2 });
  expect(window.before(641, 60)).toEqual({ sum: 47, count: 3 });
  expect(window.before(661, 60)).toEqual({ sum: 35, count: 2 });
});

test('an empty window holds nothing', () => {
  expect(new WindowSums(60).before(600, 60)).toEqual({ sum: 0, count: 0 });
});

test('any window over events, in order or a little late, is what counting by hand gives', () => {
  const event = fc.record({
    step: fc.integer({ min: -30, max: 20 }),
    value: fc.integer({ min: -30, max: 180 }),
  });
  fc.assert(
    fc.property(
      fc.array(event, { maxLength: 300 }),
      fc.integer({ min: 1, max: 90 }),
      (steps, windowMinutes) => {
        const window = new WindowSums(90);
        const events: { minute: number; value: number }[] = [];
        let newest = 1000;
        for (const { step, value } of steps) {
          newest = Math.max(newest, newest + step);
          events.push({ minute: newest + Math.min(step, 0), value });
          window.add(newest + Math.min(step, 0), value);
          const inside = events.filter(({ minute }) => minute >= newest - windowMinutes && minute < newest);
          const sum = inside.reduce((total, { value }) => total + value, 0);
          expect(window.before(newest, windowMinutes)).toEqual({ sum, count: inside.length });
        }
      },
    ),
    { seed: 1, numRuns: 100 },
  );
});

test('one event with a date years ahead does not empty the window', () => {
  const window = new WindowSums(60);
  for (let minute = 0; minute < 60; minute++) window.add(minute, 1);
  window.add(10_000_000, 1);
  expect(window.before(60, 60).count).toBeGreaterThanOrEqual(58);
  window.add(60, 1);
  expect(window.before(61, 1)).toEqual({ sum: 1, count: 1 });
});
