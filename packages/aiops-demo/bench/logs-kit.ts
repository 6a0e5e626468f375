/** Reads Loghub's 2k samples and writes predictions: `<System>/<System>_2k.log`, `…_2k.log_structured.csv` in, `<System>.csv` out. */
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export interface LabelledLine {
  /** The line without its header. */
  readonly content: string;
  /** The whole line. */
  readonly raw: string;
  readonly group: string;
  readonly template: string;
}

export interface LogSystem {
  readonly name: string;
  readonly lines: readonly LabelledLine[];
}

export interface PredictedLine {
  readonly cluster: string;
  readonly template: string;
}

export function readSystems(kit: string): LogSystem[] {
  const names = readdirSync(kit).filter((name) =>
    existsSync(join(kit, name, `${name}_2k.log_structured.csv`)),
  );
  return names.sort().map((name) => ({ name, lines: readLines(join(kit, name, `${name}_2k.log`)) }));
}

export function writePredictions(folder: string, system: string, lines: readonly PredictedLine[]): void {
  mkdirSync(folder, { recursive: true });
  const rows = lines.map(({ cluster, template }, i) => `${i + 1},${quoted(cluster)},${quoted(template)}`);
  writeFileSync(join(folder, `${system}.csv`), ['LineId,cluster,template', ...rows, ''].join('\n'));
}

/** The corrected labels of Khan et al., ICSE 2022, where the kit has them; the groups are the same. */
function readLines(log: string): LabelledLine[] {
  const corrected = `${log}_structured_corrected.csv`;
  const [header = [], ...rows] = parseCsv(
    readFileSync(existsSync(corrected) ? corrected : `${log}_structured.csv`, 'utf8'),
  );
  const column = (name: string) => header.indexOf(name);
  const [content, group, template] = [column('Content'), column('EventId'), column('EventTemplate')];
  const raw = readFileSync(log, 'utf8').split(/\r?\n/);
  return rows.map((row, i) => ({
    content: row[content] ?? '',
    raw: raw[i] ?? '',
    group: row[group] ?? '',
    template: row[template] ?? '',
  }));
}

function quoted(text: string): string {
  return `"${text.replaceAll('"', '""')}"`;
}

/** CSV as in RFC 4180. */
function parseCsv(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  for (const [, quotedCell, plainCell = '', end] of text
    .replace(/^\uFEFF/, '')
    .matchAll(/(?:"((?:[^"]|"")*)"|([^,\r\n]*))(,|\r?\n|$)/g)) {
    row.push(quotedCell?.replaceAll('""', '"') ?? plainCell);
    if (end === ',') continue;
    if (row.length > 1) rows.push(row);
    row = [];
  }
  return rows;
}
