/** Real series for the forecast benchmark: from the npm package vega-datasets, and from the NAB kit where it is there. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

export interface BenchSeries {
  readonly group: string;
  readonly name: string;
  readonly values: readonly number[];
  /** What is known of its season, for the baselines; ours finds its own. */
  readonly period: number;
  readonly horizon: number;
}

const HOUR_MS = 3_600_000;
/** Two weeks at one value every five minutes: enough for all methods, and soon done. */
const MOST_NAB_VALUES = 4_032;
const HOURLY_VALUES = 2_000;

export function publicSeries(): BenchSeries[] {
  const folder = join(dirname(createRequire(import.meta.url).resolve('vega-datasets')), '..', 'data');
  const table = (file: string) => rowsOf(readFileSync(join(folder, file), 'utf8'));
  const column = (file: string, index: number) => table(file).map((cells) => Number(cells[index]));
  const json = (file: string): unknown => JSON.parse(readFileSync(join(folder, file), 'utf8'));
  const seasonal = (
    name: string,
    values: readonly number[],
    period: number,
    horizon: number,
  ): BenchSeries => ({
    group: 'seasonal',
    name,
    values,
    period,
    horizon,
  });
  const monthly = (group: string, name: string, values: readonly number[]): BenchSeries => ({
    group,
    name,
    values,
    period: 12,
    horizon: 12,
  });
  const weather = 'seattle-weather-hourly-normals.csv';
  const stocks = table('stocks.csv');
  const jobless = json('unemployment-across-industries.json') as { series: string; count: number }[];
  return [
    seasonal('CO2 by month', column('co2-concentration.csv', 1), 12, 12),
    seasonal('temperature by hour', column(weather, 2).slice(0, HOURLY_VALUES), 24, 48),
    seasonal('wind by hour', column(weather, 3).slice(0, HOURLY_VALUES), 24, 48),
    seasonal('flights by hour', hourly(json('flights-20k.json') as { date: string }[]), 24, 48),
    ...distinct(jobless.map(({ series }) => series)).map((name) =>
      monthly(
        'unemployment',
        name,
        jobless.filter(({ series }) => series === name).map(({ count }) => count),
      ),
    ),
    ...[5, 7, 8, 12, 20, 22].map((index) =>
      monthly('employment', `column ${index}`, column('us-employment.csv', index)),
    ),
    ...distinct(stocks.map(([symbol = '']) => symbol)).map((name) =>
      monthly(
        'stocks',
        name,
        stocks.filter(([symbol]) => symbol === name).map((cells) => Number(cells[2])),
      ),
    ),
    monthly('stocks', 'S&P 500', column('sp500.csv', 1)),
  ];
}

/** Every file of the kit, as it is; its anomalies are part of it. */
export function nabSeries(kit: string): BenchSeries[] {
  const data = join(kit, 'data');
  if (!existsSync(data)) return [];
  return readdirSync(data, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .flatMap(({ name: folder }) =>
      readdirSync(join(data, folder)).map((file): BenchSeries => {
        const values = rowsOf(readFileSync(join(data, folder, file), 'utf8')).map((cells) =>
          Number(cells[1]),
        );
        const isHourly = folder === 'realAdExchange';
        const step = { period: isHourly ? 24 : 288, horizon: isHourly ? 24 : 48 };
        return { group: 'NAB', name: file, values: values.slice(0, MOST_NAB_VALUES), ...step };
      }),
    );
}

function rowsOf(text: string): string[][] {
  return text
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => line.split(','));
}

function distinct(names: readonly string[]): string[] {
  return [...new Set(names)];
}

/** Departures in each hour; an hour without any is 0. */
function hourly(flights: readonly { date: string }[]): number[] {
  const hours = flights.map(({ date }) =>
    Math.floor(Date.parse(`${date.replaceAll('/', '-').replace(' ', 'T')}:00Z`) / HOUR_MS),
  );
  const first = hours.reduce((least, hour) => Math.min(least, hour), Infinity);
  const last = hours.reduce((most, hour) => Math.max(most, hour), -Infinity);
  const counts = Array<number>(last - first + 1).fill(0);
  for (const hour of hours) counts[hour - first] = (counts[hour - first] ?? 0) + 1;
  return counts;
}
