/** Data versions as lines of text for a terminal. */
import { forkSentences } from './doubt.js';
import { QUANTILES } from './manifest.js';
import type { ColumnStatistics, NamedManifest, VersionList } from './manifest.js';

/** `mlops data list`: one line a version. */
export function listLines({ sound: versions, damaged }: VersionList): string[] {
  const width = Math.max(...versions.map(({ version }) => version.length), 'version'.length);
  const line = (name: string, days: string, rows: string, size: string, parent: string): string =>
    `${name.padEnd(width)}  ${days.padEnd(24)}  ${rows.padStart(9)}  ${size.padStart(9)}  ${parent}`;
  return [
    line('version', 'days', 'rows', 'bytes', 'follows'),
    ...versions.map(({ version, manifest }) => {
      const { from, through, rows, object, parent } = manifest;
      const days = from === through ? from : `${from} – ${through}`;
      return line(version, days, grouped(rows), grouped(object.bytes), parent ?? 'nothing');
    }),
    ...damaged.map(({ version, because }) => `✗ ${version}  ${because}`),
    ...forkSentences({ sound: versions }).map((sentence) => `✗ ${sentence}`),
  ];
}

/** `mlops data show`: what the manifest says. */
export function showLines({ version, manifest }: NamedManifest): string[] {
  const { from, through, rows, object, source, parent, schema, columns } = manifest;
  const only = source.airports ? `, only ${source.airports.join(' ')}` : '';
  return [
    version,
    `  days     ${from} to ${through}`,
    `  rows     ${grouped(rows)} in ${grouped(object.bytes)} bytes of Parquet`,
    `  sha256   ${object.sha256}`,
    `  source   ${source.file} (sha256 ${source.sha256.slice(0, 12)}…)${only}`,
    `  follows  ${parent ?? 'nothing'}`,
    '',
    ...schema.map(({ name, type }) => `  ${name.padEnd(12)} ${type.padEnd(10)} ${columnText(columns[name])}`),
  ];
}

function columnText(column: ColumnStatistics | undefined): string {
  if (column === undefined) return '';
  const nulls = `${grouped(column.nulls)} nulls`;
  if (column.kind === 'time') return `${nulls}, ${column.min ?? '–'} to ${column.max ?? '–'}`;
  if (column.kind === 'text') {
    const top = column.top.slice(0, 5).map(({ value, rows }) => `${value} ${grouped(rows)}`);
    return `${nulls}, ${column.distinct} values: ${top.join(', ')}, …`;
  }
  const quantiles = QUANTILES.map((rank, i) => `${rank * 100} % ${number(column.quantiles[i] ?? null)}`);
  const range = `${number(column.min)} to ${number(column.max)}`;
  return `${nulls}, ${range}, mean ${number(column.mean)}, deviation ${number(column.deviation)}; ${quantiles.join(', ')}`;
}

function number(value: number | null): string {
  return value === null ? '–' : String(Number(value.toFixed(1)));
}

/** A whole number with its thousands apart. */
export function grouped(value: number): string {
  return value.toLocaleString('en-US');
}
