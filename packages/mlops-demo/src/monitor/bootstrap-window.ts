/**
 * Bootstrap window: a window of flights in which nothing has changed, drawn from the reference itself.
 *
 * in:  WindowFacts of the reference, how many flights, chance
 * out: WindowFacts of so many flights of the same world: whatever the monitor calls drift in it is a false alarm
 *
 * Rule: rows, airports and labels are drawn with replacement. Rows stay whole, so columns that hang together still do.
 *
 * When it misleads: flights are drawn one by one. Real flights of one day share their weather, so real quiet days differ more from each
 * other than these do: what this measures is the chance of the tests, not the weather's.
 *
 * Source: B. Efron, "Bootstrap methods" (1979).
 */
import type { Random } from '../seeded-random.js';
import type { ColumnValues } from './column-drift.js';
import { RESERVOIR_ROWS } from './flight-window.js';
import type { WindowFacts } from './flight-window.js';

export function bootstrapWindow(reference: WindowFacts, departures: number, random: Random): WindowFacts {
  const kept = Math.min(departures, RESERVOIR_ROWS);
  const pick = (count: number): number => Math.floor(random() * count);
  const rows = Uint32Array.from({ length: kept }, () => pick(reference.risks.length));
  const columns = new Map<string, ColumnValues>();
  for (const [name, column] of reference.columns.columns) {
    columns.set(
      name,
      column.kind === 'numeric'
        ? { kind: 'numeric', values: Float64Array.from(rows, (row) => column.values[row]!) }
        : { kind: 'categorical', counts: drawCounts(column.counts, departures, random) },
    );
  }
  const labels = Uint32Array.from({ length: departures }, () => pick(reference.labels.late.length));
  const drawn = (share: number): number => {
    let count = 0;
    for (let i = 0; i < departures; i++) if (random() < share) count++;
    return count;
  };
  return {
    from: reference.through,
    through: reference.through,
    complete: true,
    whole: false,
    departures,
    columns: { rows: departures, columns },
    risks: Float64Array.from(rows, (row) => reference.risks[row]!),
    missing: 0,
    unseenSlots: drawn(reference.unseenSlots / reference.departures),
    labels: {
      risks: Float32Array.from(labels, (row) => reference.labels.risks[row]!),
      late: Uint8Array.from(labels, (row) => reference.labels.late[row]!),
    },
  };
}

function drawCounts(
  from: ReadonlyMap<string, number>,
  departures: number,
  random: Random,
): Map<string, number> {
  const categories = [...from.keys()];
  const ends: number[] = [];
  let total = 0;
  for (const count of from.values()) ends.push((total += count));
  const counts = new Map<string, number>();
  for (let i = 0; i < departures; i++) {
    const category = categories[firstAbove(ends, random() * total)]!;
    counts.set(category, (counts.get(category) ?? 0) + 1);
  }
  return counts;
}

function firstAbove(ends: readonly number[], value: number): number {
  let low = 0;
  let high = ends.length - 1;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (ends[middle]! <= value) low = middle + 1;
    else high = middle;
  }
  return low;
}
