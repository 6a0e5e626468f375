/** The default verdicts, and what multiple testing does to them. */
import { describe, expect, it } from 'vitest';
import type { ColumnValues } from '../../src/monitor/column-drift.js';
import { datasetDrift } from '../../src/monitor/dataset-drift.js';
import type { Columns } from '../../src/monitor/dataset-drift.js';
import { seedRandom } from '../../src/seeded-random.js';
import type { Random } from '../../src/seeded-random.js';

/** Normal values (Box–Muller). */
function normal(random: Random, count: number, mean = 0): ColumnValues {
  const values = Float64Array.from({ length: count }, () => {
    const radius = Math.sqrt(-2 * Math.log(1 - random()));
    return mean + radius * Math.cos(2 * Math.PI * random());
  });
  return { kind: 'numeric', values };
}

function airports(counts: Record<string, number>): ColumnValues {
  return { kind: 'categorical', counts: new Map(Object.entries(counts)) };
}

function table(rows: number, columns: Record<string, ColumnValues>): Columns {
  return { rows, columns: new Map(Object.entries(columns)) };
}

describe('the default verdicts', () => {
  const random = seedRandom(5);

  it('above 1000 reference rows distances of at least 0.1 are drift', () => {
    const reference = table(3000, {
      moved: normal(random, 3000),
      still: normal(random, 3000),
      origin: airports({ ATL: 2000, SDF: 1000 }),
    });
    const today = table(3000, {
      moved: normal(random, 3000, 0.3),
      still: normal(random, 3000),
      origin: airports({ ATL: 1990, SDF: 1010 }),
    });
    const { columns, verdict, drifted } = datasetDrift(reference, today);
    expect(columns.map(({ column, test, drifted: moved }) => [column, test, moved])).toEqual([
      ['moved', 'Wasserstein', true],
      ['still', 'Wasserstein', false],
      ['origin', 'Jensen–Shannon', false],
    ]);
    expect([verdict, drifted]).toEqual(['no drift', 1]);
  });

  it('up to 1000 reference rows p-values decide, adjusted for the columns of the window', () => {
    const reference = table(1000, { delay: normal(random, 1000), origin: airports({ ATL: 600, SDF: 400 }) });
    const today = table(500, { delay: normal(random, 500, 0.5), origin: airports({ ATL: 200, SDF: 300 }) });
    const { columns, verdict, because } = datasetDrift(reference, today);
    expect(columns.map(({ test, drifted }) => [test, drifted])).toEqual([
      ['Kolmogorov–Smirnov', true],
      ['χ²', true],
    ]);
    expect(columns[0]?.because).toMatch(/^Kolmogorov–Smirnov p \S+, adjusted for 2 columns, is below 0.05$/);
    expect(verdict).toBe('drift');
    expect(because).toMatch(/^2 of 2 columns drifted \(100 %, 50 % is the limit\), farthest: /);
  });

  it('half of the columns is enough, and less is not', () => {
    const still = airports({ A: 5000, B: 5000 });
    const moved = airports({ A: 9000, B: 1000 });
    const reference = table(10_000, { one: still, two: still, three: still });
    expect(datasetDrift(reference, table(10_000, { one: moved, two: still, three: still })).verdict).toBe(
      'no drift',
    );
    expect(datasetDrift(reference, table(10_000, { one: moved, two: moved, three: still })).verdict).toBe(
      'drift',
    );
    expect(datasetDrift(reference, table(10_000, { one: moved, two: still })).verdict).toBe('drift');
  });

  it('a column with nothing but missing values is no drift, it is not compared', () => {
    const missing: ColumnValues = { kind: 'numeric', values: new Float64Array(10).fill(NaN) };
    const { columns, because } = datasetDrift(
      table(10, { delay: normal(random, 10) }),
      table(10, { delay: missing }),
    );
    expect(columns).toEqual([]);
    expect(because).toBe('no column can be compared');
  });

  it('without the adjustment 19 undrifted columns call something in most windows, with it in few', () => {
    const windows = 60;
    let [raw, adjusted] = [0, 0];
    for (let window = 0; window < windows; window++) {
      const draw = (count: number) =>
        table(
          count,
          Object.fromEntries(Array.from({ length: 19 }, (_, i) => [`c${i}`, normal(random, count)])),
        );
      const [reference, today] = [draw(200), draw(200)];
      const alone = [...reference.columns].some(([name, values]) => {
        const only = (from: ColumnValues) => table(200, { [name]: from });
        return datasetDrift(only(values), only(today.columns.get(name)!)).drifted > 0;
      });
      if (alone) raw++;
      if (datasetDrift(reference, today).drifted > 0) adjusted++;
    }
    // 1 − .95¹⁹ = 62 % of windows; with the adjustment at most 5 % (3 of 60; 9 would be a chance of 0.3 %).
    expect(raw).toBeGreaterThan(windows * 0.35);
    expect(adjusted).toBeLessThan(9);
  });
});
