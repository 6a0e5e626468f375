import { expect, test } from 'vitest';
import { evaluate } from '../src/collect/evaluate.js';
import { parseExposition } from '../src/collect/exposition.js';
import { createSampleStore } from '../src/collect/samples.js';

const TARGET = { job: 'a', instance: 'host:1' };

function storeWith({ keepMs = 60_000, maxSeries = 100 } = {}) {
  const store = createSampleStore({ keepMs, maxSeries, metrics: new Set(['x', 'y', 'up']) });
  const pointsOf = (metric: string) =>
    store.select({ metric, where: {} }).map(({ points }) => points.map(({ value }) => value));
  return {
    ...store,
    pointsOf,
    scrape: (at: number, text: string) => store.record(TARGET, at, parseExposition(text).samples),
    fail: (at: number) => store.record(TARGET, at, undefined),
  };
}

test('a series that is missing from a scrape is stale, and lives again when it is back', () => {
  const store = storeWith();
  store.scrape(1, 'x 5\n');
  store.scrape(2, 'y 1\n');
  store.scrape(3, 'y 1\n');
  store.scrape(4, 'x 6\n');
  expect(store.pointsOf('x')).toEqual([[5, 'stale', 6]]);
});

test('a scrape that fails makes every series of its target stale, and up 0', () => {
  const store = storeWith();
  store.scrape(1, 'x 5\n');
  store.record({ job: 'b', instance: 'host:2' }, 1, parseExposition('x 7\n').samples);
  store.fail(2);
  expect(store.pointsOf('x')).toEqual([[5, 'stale'], [7]]);
  expect(store.pointsOf('up')).toEqual([[1, 0], [1]]);
});

test('a gauge ends with its process and does not stand still', () => {
  const store = storeWith();
  const x = { kind: 'gauge', pick: 'max', of: { metric: 'x', where: {} } } as const;
  store.scrape(1, 'x 5\n');
  expect(evaluate(x, store.select, { at: 1, windowMs: 10 })).toBe(5);
  store.fail(2);
  expect(evaluate(x, store.select, { at: 2, windowMs: 10 })).toBeUndefined();
  expect(evaluate(x, store.select, { at: 1, windowMs: 10 })).toBe(5);
});

test('a gauge is not older than five minutes', () => {
  const store = storeWith({ keepMs: 600_000 });
  const x = { kind: 'gauge', pick: 'max', of: { metric: 'x', where: {} } } as const;
  store.scrape(0, 'x 5\n');
  expect(evaluate(x, store.select, { at: 299_999, windowMs: 10 })).toBe(5);
  expect(evaluate(x, store.select, { at: 300_000, windowMs: 10 })).toBeUndefined();
});

test('samples and series older than the limit are forgotten', () => {
  const store = storeWith({ keepMs: 10 });
  store.scrape(0, 'x{a="1"} 1\nx{a="2"} 1\n');
  store.scrape(8, 'x{a="1"} 2\n');
  store.scrape(16, 'x{a="1"} 3\n');
  expect(store.pointsOf('x')).toEqual([[2, 3], ['stale']]);
  store.scrape(24, 'x{a="1"} 4\n');
  expect(store.pointsOf('x')).toEqual([[3, 4]]);
  expect(store.size()).toEqual({ series: 2, refused: 0 });
});

test('series beyond the limit are refused and counted, the known ones go on', () => {
  const store = storeWith({ maxSeries: 3 });
  store.scrape(1, 'x{a="1"} 1\nx{a="2"} 1\n');
  store.scrape(2, 'x{a="1"} 2\nx{a="2"} 2\nx{a="3"} 1\n');
  expect(store.pointsOf('x')).toEqual([
    [1, 2],
    [1, 2],
  ]);
  expect(store.size()).toEqual({ series: 3, refused: 1 });
});

test('metrics nobody asks for are not kept', () => {
  const store = storeWith();
  store.scrape(1, 'z 1\n');
  expect(store.size().series).toBe(1); // up
});

test('a label of the target wins over the one that was scraped, which is kept as exported', () => {
  const store = storeWith();
  store.scrape(1, 'x{job="mine"} 1\n');
  const [series] = store.select({ metric: 'x', where: {} });
  expect(Object.fromEntries(series?.labels ?? [])).toEqual({
    exported_job: 'mine',
    job: 'a',
    instance: 'host:1',
  });
});

test('a series twice in one scrape counts once, and the order of labels makes no second series', () => {
  const store = storeWith();
  store.scrape(1, 'x{a="1",b="2"} 1\nx{b="2",a="1"} 9\n');
  expect(store.pointsOf('x')).toEqual([[1]]);
});

test('a clock that is set back starts the memory anew', () => {
  const store = storeWith();
  store.scrape(5_000_000, 'x 5\n');
  store.scrape(1_000, 'x 6\n');
  expect(store.pointsOf('x')).toEqual([[6]]);
  expect(store.size().series).toBe(2);
});
