import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { looksOf } from '../../../src/delivery/analysis/looks.js';
import { DEFAULT_POLICY } from '../../../src/delivery/analysis/policy.js';
import { measured, windowOf } from '../canary-windows.js';

const looksAt = (...requests: number[]) =>
  looksOf(
    requests.map((count) => windowOf(measured(count))),
    { leastRequests: 50, windowsPerLook: 4 },
  );

describe('a look', () => {
  it('is one window where it holds enough requests, and spends all its chance', () => {
    expect(looksAt(50, 80, 200)).toEqual({ ended: 3, cold: 0, spent: 1 });
  });

  it('is as many windows as bring enough: half of its chance, a quarter, and what is left', () => {
    const seen = [20, 20, 20].map((_, at) => looksAt(...[20, 20, 20].slice(0, at + 1)));
    expect(seen.map(({ ended }) => ended)).toEqual([0, 0, 1]);
    expect(seen.map(({ spent }) => spent)).toEqual([0.5, 0.25, 0.25]);
  });

  it('is four windows at most, and one where nothing was asked', () => {
    expect(looksAt(1, 1, 1, 1, 1).ended).toBe(1);
    expect(looksAt(0, 0, 0).ended).toBe(3);
  });

  it('spends its chance once, and there are as many as planned within four times the windows', () => {
    const property = () =>
      fc.assert(
        fc.property(fc.array(fc.nat(120), { minLength: 40, maxLength: 40 }), (requests) => {
          const seen = requests.map((_, at) => looksAt(...requests.slice(0, at + 1)));
          const spent = seen.reduce((sum, look) => sum + look.spent, 0);
          const last = seen.at(-1);
          return last !== undefined && last.ended >= DEFAULT_POLICY.looks && spent <= last.ended + 1;
        }),
        { seed: 2001 },
      );
    expect(property).not.toThrow();
  });
});
