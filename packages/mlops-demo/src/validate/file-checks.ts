/**
 * What a file must be before anybody looks at its rows: readable text or Parquet, with the columns of flights.
 *
 * in:  the bytes, then the columns that DuckDB finds → out: one Check each
 *
 * Rule: text must be UTF-8 without zero bytes. A column may be wider than expected (INTEGER or BIGINT, DATE or TIMESTAMP), never missing, never
 * of another kind. An unknown column of a missing one's kind is named as its likely new name.
 *
 * When it misleads: a column that was renamed *and* replaced by another of the old name looks right here; its values must tell.
 */
import { check } from './check.js';
import type { Check } from './check.js';

/** A column of the file. */
export interface FileColumn {
  name: string;
  type: string;
}

const LONGEST_LINE = 4096;

type Kind = 'time' | 'number' | 'text';

const COLUMNS: Readonly<Record<string, Kind>> = {
  date: 'time',
  delay: 'number',
  distance: 'number',
  origin: 'text',
  destination: 'text',
};

/** The encoding of a text file. Parquet says itself what it is. */
export function encodingCheck(bytes: Uint8Array): Check {
  const expected = 'text in UTF-8';
  const seen = encodingOf(bytes);
  return check('encoding', seen === 'UTF-8' ? 'passed' : 'failed', { expected, seen });
}

/** Whether a CSV file ends with a whole row. A cut within the last field cannot be told from a short value. */
export function lastLineCheck(bytes: Uint8Array): Check {
  const decoder = new TextDecoder();
  const first = decoder.decode(bytes.subarray(0, LONGEST_LINE)).split('\n', 1)[0] ?? '';
  const last = decoder.decode(bytes.subarray(-LONGEST_LINE)).trimEnd().split('\n').at(-1) ?? '';
  const [expected, seen] = [fieldsIn(first), fieldsIn(last)];
  return check('whole file', expected === seen ? 'passed' : 'failed', {
    expected: `${expected} fields in the last line, as in the first`,
    seen: expected === seen ? 'that' : `${seen}: ${last}`,
  });
}

function fieldsIn(line: string): number {
  return line.replaceAll(/"[^"]*"/g, '').split(',').length;
}

function encodingOf(bytes: Uint8Array): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'UTF-16, little end first, by its first two bytes';
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'UTF-16, big end first, by its first two bytes';
  const zero = bytes.indexOf(0);
  if (zero !== -1) return `a zero byte at position ${zero}, as in UTF-16`;
  const wrong = firstInvalid(bytes);
  return wrong === undefined ? 'UTF-8' : `a byte that is none at position ${wrong}, as in Latin-1`;
}

/** Where the bytes stop being UTF-8. */
function firstInvalid(bytes: Uint8Array): number | undefined {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  const piece = 65_536;
  for (let at = 0; at < bytes.length; at += piece) {
    try {
      decoder.decode(bytes.subarray(at, at + piece), { stream: at + piece < bytes.length });
    } catch {
      const found = bytes.subarray(at, at + piece).findIndex((byte) => byte > 0x7f);
      return found === -1 ? at : at + found;
    }
  }
  return undefined;
}

/** The columns of the file. */
export function schemaCheck(columns: readonly FileColumn[]): Check {
  const faults = Object.entries(COLUMNS).flatMap(([name, kind]) => {
    const column = columns.find((each) => each.name === name);
    if (column === undefined) return [`no column ${name}${newName(columns, kind)}`];
    return kindOf(column.type) === kind ? [] : [`${name} is ${column.type}, not a ${kind}`];
  });
  return check('schema', faults.length === 0 ? 'passed' : 'failed', {
    expected: Object.entries(COLUMNS)
      .map(([name, kind]) => `${name} (${kind})`)
      .join(', '),
    seen: faults.length === 0 ? 'those' : faults.join('; '),
  });
}

function newName(columns: readonly FileColumn[], kind: Kind): string {
  const likely = columns.filter(({ name, type }) => !(name in COLUMNS) && kindOf(type) === kind);
  return likely.length === 0 ? '' : ` (renamed to ${likely.map(({ name }) => name).join(' or ')}?)`;
}

function kindOf(type: string): Kind | undefined {
  if (/^(DATE|TIMESTAMP)/.test(type)) return 'time';
  if (/INT|DOUBLE|FLOAT|DECIMAL/.test(type)) return 'number';
  return type === 'VARCHAR' ? 'text' : undefined;
}
