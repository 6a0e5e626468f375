/**
 * Reads the labels of one line of the Prometheus text format: `{method="GET",path="C:\\dir"}`.
 *
 * Rule: a backslash takes the next character with it, so `\"` does not end a value. A comma may follow the last label.
 * Source: https://prometheus.io/docs/instrumenting/exposition_formats/ (format 0.0.4).
 */
import { LABEL_NAME, endOfName, skipBlanks } from './exposition-words.js';

/** Label names and their values. */
export type Labels = ReadonlyMap<string, string>;

/** Reads what follows the `{` into `labels`; returns where it ends, or what is wrong. */
export function readLabels(line: string, start: number, labels: Map<string, string>): number | string {
  for (let at = skipBlanks(line, start); ;) {
    if (line[at] === '}') return at + 1;
    const nameEnd = endOfName(LABEL_NAME, line, at);
    if (nameEnd === at) return 'expected a label name or }';
    const name = line.slice(at, nameEnd);
    at = skipBlanks(line, nameEnd);
    if (line[at] !== '=') return 'expected = after the label name';
    at = skipBlanks(line, at + 1);
    if (line[at] !== '"') return 'expected a label value in double quotes';
    const close = closingQuote(line, at + 1);
    if (close === undefined) return 'expected a double quote at the end of the label value';
    if (labels.has(name)) return 'expected each label once';
    labels.set(name, unescape(line.slice(at + 1, close)));
    at = skipBlanks(line, close + 1);
    if (line[at] === ',') at = skipBlanks(line, at + 1);
    else if (line[at] !== '}') return 'expected , or } after a label';
  }
}

function closingQuote(line: string, start: number): number | undefined {
  for (let at = start; at < line.length; at += line[at] === '\\' ? 2 : 1) if (line[at] === '"') return at;
  return undefined;
}

const IN_LABELS = /\\([\\"n])/g;
/** A HELP text stands in no quotes, so quotes need no escape there. */
export const IN_HELP = /\\([\\n])/g;

/** Undoes the escapes. What is no escape stays as it is, as in Prometheus. */
export function unescape(text: string, escapes: RegExp = IN_LABELS): string {
  if (!text.includes('\\')) return text;
  return text.replaceAll(escapes, (_, escaped: string) => (escaped === 'n' ? '\n' : escaped));
}
