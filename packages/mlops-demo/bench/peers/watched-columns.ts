/** The columns that the monitor watches, of some flights, as it holds them and as files for Python. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { seedRandom } from 'mlops-demo/serving';
import { countOf, departureAt, FlightWindow, streamFeatures } from 'mlops-demo/training';
import type { Columns, ColumnValues, FlightColumns } from 'mlops-demo/training';
import { FEATURE_COUNT } from 'mlops-demo';
import { readNpy, writeNpy } from './npy.js';

/** A window of each list of positions (ascending), out of one pass over the events. All rows are kept. */
export function columnsOf(
  flights: FlightColumns,
  sides: ReadonlyMap<string, Uint32Array>,
): Map<string, Columns> {
  const random = seedRandom(1);
  const windows = new Map([...sides].map(([name, rows]) => [name, new FlightWindow(random, rows.length)]));
  const taken = new Map([...sides.keys()].map((name) => [name, 0]));
  streamFeatures(
    flights,
    [...sides].map(([name, positions]) => ({
      positions,
      timetableFor: () => undefined,
      write: (rows: Float32Array) => {
        for (let at = 0; at < rows.length; at += FEATURE_COUNT) {
          const position = positions[taken.get(name)!]!;
          taken.set(name, taken.get(name)! + 1);
          const inputs = rows.subarray(at, at + FEATURE_COUNT);
          windows.get(name)!.departed(departureAt(flights, position), inputs, 0);
        }
      },
    })),
  );
  const span = { from: '', through: '', complete: true, whole: true };
  return new Map([...windows].map(([name, window]) => [name, window.facts(span).columns]));
}

interface Description {
  rows: number;
  numbers: string[];
  categories: Record<string, Record<string, number>>;
}

export function writeColumns(folder: string, side: string, { rows, columns }: Columns): void {
  const numbers = [...columns].flatMap(([name, column]) =>
    column.kind === 'numeric' ? [{ name, values: column.values }] : [],
  );
  const matrix = new Float32Array(rows * numbers.length);
  for (const [at, { values }] of numbers.entries()) matrix.set(values, at * rows);
  writeNpy(join(folder, `${side}.npy`), matrix, [numbers.length, rows]);
  const categories = Object.fromEntries(
    [...columns].flatMap(([name, column]) =>
      column.kind === 'categorical' ? [[name, Object.fromEntries(column.counts)]] : [],
    ),
  );
  const description: Description = { rows, numbers: numbers.map(({ name }) => name), categories };
  writeFileSync(join(folder, `${side}.json`), JSON.stringify(description));
}

export function readColumns(folder: string, side: string): Columns {
  const { rows, numbers, categories } = JSON.parse(
    readFileSync(join(folder, `${side}.json`), 'utf8'),
  ) as Description;
  const matrix = readNpy(join(folder, `${side}.npy`));
  const columns = new Map<string, ColumnValues>();
  for (const [at, name] of numbers.entries()) {
    const values = Float64Array.from(matrix.subarray(at * rows, (at + 1) * rows));
    columns.set(name, { kind: 'numeric', values });
  }
  for (const [name, counts] of Object.entries(categories))
    columns.set(name, { kind: 'categorical', counts: new Map(Object.entries(counts)) });
  return { rows, columns };
}

/** Positions of the flights of some local days; `most` of them, evenly. */
export function positionsOf(
  flights: FlightColumns,
  isWanted: (localMinute: number) => boolean,
  most = Infinity,
): Uint32Array {
  const all: number[] = [];
  for (let at = 0; at < countOf(flights); at++) if (isWanted(flights.localMinutes[at]!)) all.push(at);
  const count = Math.min(most, all.length);
  return Uint32Array.from({ length: count }, (_, at) => all[Math.floor((at * all.length) / count)]!);
}
