/**
 * Reads the Prometheus text format 0.0.4, which `/metrics` answers.
 *
 * in: text → out: samples, what HELP and TYPE say, and how many lines could not be read
 *
 * Rule: a line is a comment, a HELP, a TYPE, or `name{label="value",...} value [timestamp]`. In label values `\\`,
 * `\"` and `\n` are escapes. Every character is looked at a bounded number of times, so hostile text costs time in
 * proportion to its length.
 * Misleads when: lines are malformed. Prometheus then refuses the whole scrape; here the line is counted and the
 * rest is kept, because half the signals are better than none. Watch `malformed`.
 * Source: https://prometheus.io/docs/instrumenting/exposition_formats/ (format 0.0.4).
 *
 * Example: 'up{job="a"} 1\n' → samples [{name: 'up', labels: job → a, value: 1}]
 */
import { IN_HELP, readLabels, unescape } from './exposition-labels.js';
import type { Labels } from './exposition-labels.js';
import { METRIC_NAME, endOfName, endOfWord, readValue, skipBlanks } from './exposition-words.js';

const INTEGER = /^[+-]?\d+$/;

export interface ExpositionSample {
  name: string;
  labels: Labels;
  value: number;
  /** Milliseconds since 1970; most exporters leave it out. */
  timestampMs?: number;
}

export interface Exposition {
  samples: ExpositionSample[];
  families: Map<string, { type?: string; help?: string }>;
  /** Lines that are not in the format, and what was wrong with the first. */
  malformed: { count: number; first?: { line: number; because: string } };
}

export function parseExposition(text: string): Exposition {
  const result: Exposition = { samples: [], families: new Map(), malformed: { count: 0 } };
  let lineNumber = 0;
  for (let start = 0; start < text.length;) {
    const newline = text.indexOf('\n', start);
    const end = newline === -1 ? text.length : newline;
    lineNumber += 1;
    const because = readLine(text.slice(start, end), result);
    if (because !== undefined) {
      result.malformed.count += 1;
      result.malformed.first ??= { line: lineNumber, because };
    }
    start = end + 1;
  }
  return result;
}

/** Adds what the line says to the result, or returns why it cannot be read. */
function readLine(line: string, into: Exposition): string | undefined {
  const start = skipBlanks(line, 0);
  if (start === line.length) return undefined;
  if (line[start] === '#') {
    readComment(line, start + 1, into);
    return undefined;
  }
  const sample = readSample(line, start);
  if (typeof sample === 'string') return sample;
  into.samples.push(sample);
  return undefined;
}

function readComment(line: string, start: number, into: Exposition): void {
  const at = skipBlanks(line, start);
  const keyword = line.slice(at, at + 4);
  if (keyword !== 'HELP' && keyword !== 'TYPE') return;
  const nameStart = skipBlanks(line, at + 4);
  const nameEnd = endOfName(METRIC_NAME, line, nameStart);
  if (nameEnd === nameStart || nameStart === at + 4) return;
  const name = line.slice(nameStart, nameEnd);
  const rest = line.slice(skipBlanks(line, nameEnd));
  const family = into.families.get(name) ?? {};
  if (keyword === 'HELP') family.help = unescape(rest, IN_HELP);
  else family.type = rest.trimEnd();
  into.families.set(name, family);
}

function readSample(line: string, start: number): ExpositionSample | string {
  const nameEnd = endOfName(METRIC_NAME, line, start);
  if (nameEnd === start) return 'expected a metric name at the start of the line';
  const name = line.slice(start, nameEnd);
  const labels = new Map<string, string>();
  let at = skipBlanks(line, nameEnd);
  if (line[at] === '{') {
    const end = readLabels(line, at + 1, labels);
    if (typeof end === 'string') return end;
    at = skipBlanks(line, end);
  } else if (at === nameEnd) return 'expected a blank or labels after the metric name';
  const valueEnd = endOfWord(line, at);
  const value = readValue(line.slice(at, valueEnd));
  if (value === undefined) return 'expected a number as the value';
  const timestampStart = skipBlanks(line, valueEnd);
  if (timestampStart === line.length) return { name, labels, value };
  const timestampEnd = endOfWord(line, timestampStart);
  const timestamp = line.slice(timestampStart, timestampEnd);
  if (!INTEGER.test(timestamp) || skipBlanks(line, timestampEnd) !== line.length)
    return 'expected nothing but a timestamp in whole milliseconds after the value';
  return { name, labels, value, timestampMs: Number(timestamp) };
}
