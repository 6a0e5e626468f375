import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { blameFlow, keptShare } from '../src/localize/blame-flow.js';

const calls = (...pairs: string[]) =>
  pairs.map((pair) => {
    const [from = '', to = ''] = pair.split('>');
    return { from, to };
  });
const from = (service: string) => new Map([[service, 1]]);
const rounded = (shares: ReadonlyMap<string, number>) =>
  Object.fromEntries([...shares].map(([service, share]) => [service, Number(share.toFixed(3))]));

describe('blameFlow', () => {
  test('a caller keeps what its callees do not explain', () => {
    const losses = new Map([
      ['board', 10],
      ['model', 8],
    ]);
    expect(rounded(blameFlow(losses, calls('board>model'), from('board')))).toEqual({
      board: 0.2,
      model: 0.8,
    });
  });

  test('a chain that only waits passes blame to its end', () => {
    const losses = new Map(['site', 'gateway', 'function'].map((service) => [service, 5]));
    const shares = blameFlow(losses, calls('site>gateway', 'gateway>function'), from('site'));
    expect(rounded(shares)).toEqual({ site: 0.05, gateway: 0.048, function: 0.903 });
  });

  test('callees share blame by what each lost', () => {
    const losses = new Map([
      ['a', 3],
      ['b', 1],
    ]);
    expect(rounded(blameFlow(losses, calls('site>a', 'site>b'), from('site')))).toEqual({ a: 0.75, b: 0.25 });
  });

  test('without a callee in trouble the symptom is its own cause', () => {
    expect(rounded(blameFlow(new Map(), calls('site>a'), from('site')))).toEqual({ site: 1 });
  });

  test('a cycle of equal losses shares blame and ends', () => {
    const losses = new Map([
      ['a', 2],
      ['b', 2],
    ]);
    const shares = rounded(blameFlow(losses, calls('a>b', 'b>a'), from('a')));
    expect(shares).toEqual({ a: 0.513, b: 0.487 });
  });

  test('on any graph the shares are not negative and together 1', () => {
    const name = fc.integer({ min: 0, max: 5 }).map(String);
    fc.assert(
      fc.property(
        fc.array(fc.tuple(name, name), { maxLength: 20 }),
        fc.dictionary(name, fc.double({ min: 1e-6, max: 1e6, noNaN: true })),
        (pairs, losses) => {
          const edges = pairs.map(([one, other]) => ({ from: one, to: other }));
          const shares = [...blameFlow(new Map(Object.entries(losses)), edges, from('0')).values()];
          expect(shares.every((share) => share >= 0)).toBe(true);
          expect(shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 6);
        },
      ),
    );
  });

  test('a callee that lost more than its caller explains all but the least share', () => {
    expect([keptShare(1, 3), keptShare(4, 1), keptShare(0, 0), keptShare(0, 2)]).toEqual([0.05, 0.75, 1, 0]);
  });
});
