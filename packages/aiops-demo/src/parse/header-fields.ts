/**
 * Header fields: the columns of a line, and what kind of thing each holds.
 *
 * in: a line → out: its first columns, split at blanks and `|`, with `[…]` kept together
 *
 *   fieldsOf('17:41:44 INFO [main] started').map(({ text }) => kindOfField(text))  // ['instant', 'level', 'brackets', 'text']
 */
export interface Field {
  readonly text: string;
  /** Where the next column begins. */
  readonly end: number;
}

export type FieldKind = 'instant' | 'number' | 'level' | 'brackets' | 'dash' | 'text';

const MOST_FIELDS = 12;
const SEPARATOR = /[\s|]/;
const LEVEL =
  /^[[(<]?(?:trace|debug|info|information|notice|warn|warning|error|err|severe|failure|critical|crit|alert|emerg|fatal|[vdiwef])[\])>:,]?$/i;
/** Digits with time or date punctuation between them, and names of months and days. */
const INSTANT =
  /^\[?(?:\d{1,8}(?:[-:/.,T]\d{1,6}){1,8}Z?|(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|mon|tue|wed|thu|fri|sat|sun)[a-z]*)[\],]?$/i;
const NUMBER = /^\[?-?\d+[\],]?$/;
const BRACKETS = /^\[.*\]$/;
const CLOCK = /\b\d\d:\d\d:\d\d\b/;
const DASH = /^[-|]$/;

export function fieldsOf(line: string): Field[] {
  const fields: Field[] = [];
  let at = 0;
  while (at < line.length && fields.length < MOST_FIELDS) {
    const start = at;
    at = endOfField(line, at);
    const text = line.slice(start, at);
    while (at < line.length && SEPARATOR.test(line[at] ?? '')) at += 1;
    if (text !== '') fields.push({ text, end: at });
  }
  return fields;
}

export function kindOfField(text: string): FieldKind {
  if (DASH.test(text)) return 'dash';
  if (LEVEL.test(text)) return 'level';
  if (NUMBER.test(text)) return 'number';
  if (INSTANT.test(text)) return 'instant';
  if (BRACKETS.test(text)) return CLOCK.test(text) ? 'instant' : 'brackets';
  return 'text';
}

function endOfField(line: string, start: number): number {
  const closed = line[start] === '[' ? afterBrackets(line, start) : start;
  let at = closed;
  while (at < line.length && !SEPARATOR.test(line[at] ?? '')) at += 1;
  return at;
}

/** Where the bracket that opens here is closed; here, if it is not. */
function afterBrackets(line: string, start: number): number {
  let depth = 0;
  for (let at = start; at < line.length; at += 1) {
    if (line[at] === '[') depth += 1;
    if (line[at] === ']') depth -= 1;
    if (depth === 0) return at + 1;
  }
  return start;
}
