import fc from 'fast-check';
import { expect, it } from 'vitest';
import { alignLines } from '../src/charts.js';

const NOW = 1_800_000_000_000;
const signal = (id: string, points: [number, number | null][]) => ({
  id,
  state: 'normal' as const,
  because: 'as usual',
  points,
});

it('puts two signals on one axis, with null where one has no value', () => {
  const a = signal('a', [
    [NOW - 4_000, 1],
    [NOW - 2_000, 2],
  ]);
  const b = signal('b', [
    [NOW - 2_000, 30],
    [NOW, null],
  ]);
  expect(alignLines(['a', 'b'], [b, a], NOW)).toEqual({
    times: [NOW / 1_000 - 4, NOW / 1_000 - 2, NOW / 1_000],
    lines: [
      { id: 'a', state: 'normal', because: 'as usual', values: [1, 2, null] },
      { id: 'b', state: 'normal', because: 'as usual', values: [null, 30, null] },
    ],
  });
});

it('a signal nobody knows is a line without values', () => {
  expect(alignLines(['a'], [], NOW).lines).toEqual([
    { id: 'a', state: 'unknown', because: 'aiops has no such signal yet', values: [] },
  ]);
});

it('leaves out what is older than ten minutes', () => {
  const old = signal('a', [
    [NOW - 600_000, 1],
    [NOW - 599_999, 2],
  ]);
  expect(alignLines(['a'], [old], NOW).lines[0]?.values).toEqual([2]);
});

it('every line has one value for each instant, instants ascend, and there are at most 300', () => {
  const points = fc.array(
    fc.tuple(fc.integer({ min: NOW - 700_000, max: NOW }), fc.option(fc.double({ noNaN: true }))),
    { maxLength: 400 },
  );
  fc.assert(
    fc.property(points, points, (first, second) => {
      const { times, lines } = alignLines(['a', 'b'], [signal('a', first), signal('b', second)], NOW);
      expect(times.length).toBeLessThanOrEqual(300);
      expect(times.every((at, index) => index === 0 || at > (times[index - 1] ?? Infinity))).toBe(true);
      expect(lines.every(({ values }) => values.length === times.length)).toBe(true);
    }),
    { seed: 1 },
  );
});
