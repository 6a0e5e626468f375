/**
 * The words of the Prometheus text format: names, numbers, blanks.
 *
 * Each function looks once at every character it passes and says where the word ends.
 */

/** Sticky patterns, so that they match at a given place and nowhere later. */
export const METRIC_NAME = /[a-zA-Z_:][a-zA-Z0-9_:]*/y;
export const LABEL_NAME = /[a-zA-Z_][a-zA-Z0-9_]*/y;
// The point stands inside its group: `\d+\.?\d*` would try every split of a long row of digits.
const DECIMAL = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?$/;

/** Where the name ends that begins at `start`; `start` itself when there is none. */
export function endOfName(pattern: RegExp, line: string, start: number): number {
  pattern.lastIndex = start;
  return pattern.test(line) ? pattern.lastIndex : start;
}

export function skipBlanks(line: string, start: number): number {
  let at = start;
  while (line[at] === ' ' || line[at] === '\t') at += 1;
  return at;
}

export function endOfWord(line: string, start: number): number {
  let at = start;
  while (at < line.length && line[at] !== ' ' && line[at] !== '\t') at += 1;
  return at;
}

/** A number as Go writes it. `Number()` alone would take '' for 0 and '0x10' for 16. */
export function readValue(word: string): number | undefined {
  if (DECIMAL.test(word)) return Number(word);
  switch (word.toLowerCase()) {
    case 'nan':
      return Number.NaN;
    case 'inf':
    case '+inf':
      return Number.POSITIVE_INFINITY;
    case '-inf':
      return Number.NEGATIVE_INFINITY;
    default:
      return undefined;
  }
}
