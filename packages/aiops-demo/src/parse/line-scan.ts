/**
 * Line scan: one pass over a line finds its values, and a fingerprint of everything else.
 *
 * in: a line → out: where its values are, two 32-bit hashes of the text around them
 *
 * Rule: a line consists of blanks, punctuation and parts. A part with a digit in it is a value, and so is a part too
 * long to be a word. Lines with equal fingerprints differ in values only, so what was found out about the first of them
 * holds for all: the slow steps (skeleton.ts, one-word-apart.ts) run once for each fingerprint, not once for each line.
 * What it gains: speed. A known line costs one pass and one look-up, at any number of templates.
 * When it misleads: two texts with the same 64 bits are taken for one. By accident that is 1 in 10^11 at 10,000 templates;
 * on purpose it can be made, and then two templates share an id.
 * Cost: looks at no more than 4,096 characters and 256 words; the rest counts as one value.
 * Source: numbers as variables, as in Vaarandi, "A Data Clustering Algorithm for Mining Patterns from Event Logs", IPOM
 * 2003, and in all parsers since; the hashes are FNV-1a (Fowler, Noll, Vo) and the polynomial of Java's String.hashCode.
 *
 *   scan.read('took 35ms, 2 left')  // values '35ms' and '2'
 *   scan.read('took 41ms, 9 left')  // values '41ms' and '9', the same fingerprint
 */

import { BLANK, DIGIT, LETTER, PUNCTUATION, kindOf } from './character-kind.js';

/** Longer lines are dumps. Longest line in the eight Loghub development samples: under 2,000 characters. */
const LONGEST_LINE_CHARS = 4_096;
const MOST_WORDS = 256;
/** A part longer than this is data, not a word: base64, minified JSON, a URL with its query. */
const LONGEST_PART_CHARS = 128;

const FIRST_SEED = 0x811c9dc5 | 0;
const FIRST_PRIME = 0x01000193;
const SECOND_FACTOR = 31;
/** Stands for a value in the hashes. A control character, so no text has it. */
const VALUE_CODE = 1;
const BLANK_CODE = 32;
const DOT_CODE = 46;
const UNDERSCORE_CODE = 95;
const MINUS_CODE = 45;
/** Reads lines one after another into the same arrays, so that a line allocates nothing. */
export class LineScan {
  /** Where the values begin and end in the line read last; the first `values` entries count. */
  readonly starts = new Int32Array(LONGEST_LINE_CHARS);
  readonly ends = new Int32Array(LONGEST_LINE_CHARS);
  values = 0;
  first = 0;
  second = 0;
  /** Up to where the line was read; what follows, if anything, is one more value. */
  end = 0;

  /** Reads a line; the fields above then tell about it. */
  read(line: string): void {
    this.values = 0;
    this.first = FIRST_SEED;
    this.second = 0;
    const limit = line.length > LONGEST_LINE_CHARS ? lastBlank(line) : line.length;
    let words = 0;
    let at = afterBlanks(line, 0, limit);
    while (at < limit) {
      const kind = kindOf(line.charCodeAt(at));
      if (kind === BLANK) {
        at = afterBlanks(line, at, limit);
        if (at === limit) break;
        words += 1;
        if (words === MOST_WORDS) break;
        this.#mix(BLANK_CODE);
      } else if (kind === PUNCTUATION || isLooseDot(line, at, limit)) {
        this.#mix(line.charCodeAt(at));
        at += 1;
      } else at = this.#readPart(line, at, limit);
    }
    this.end = at;
    if (at < line.length) this.#mix(VALUE_CODE);
  }

  #readPart(line: string, start: number, limit: number): number {
    let first = this.first;
    let second = this.second;
    let isValue = false;
    let isWord = true;
    let kindEnd = 0;
    let kindFirst = 0;
    let kindSecond = 0;
    let at = start;
    for (; at < limit; at += 1) {
      const code = line.charCodeAt(at);
      const kind = kindOf(code);
      if (kind >= PUNCTUATION || (code === DOT_CODE && isLooseDot(line, at, limit))) break;
      if (isValue) continue;
      if (kind === DIGIT) {
        isValue = true;
        const isMinus = line.charCodeAt(at - 1) === MINUS_CODE;
        if (kindEnd > 0 && kindEnd === (isMinus ? at - 1 : at)) {
          this.first = kindFirst;
          this.second = kindSecond;
        }
        continue;
      }
      first = Math.imul(first ^ code, FIRST_PRIME);
      second = (Math.imul(second, SECOND_FACTOR) + code) | 0;
      // `rdd_42` and `broadcast_42` are ids of different kinds of things: the kind belongs to the text.
      if (isWord && code === UNDERSCORE_CODE) {
        kindEnd = at + 1;
        kindFirst = first;
        kindSecond = second;
      }
      isWord &&= kind === LETTER || code === UNDERSCORE_CODE;
    }
    if (isValue || at - start > LONGEST_PART_CHARS) {
      this.starts[this.values] = start;
      this.ends[this.values] = at;
      this.values += 1;
      this.#mix(VALUE_CODE);
    } else {
      this.first = first;
      this.second = second;
    }
    return at;
  }

  #mix(code: number): void {
    this.first = Math.imul(this.first ^ code, FIRST_PRIME);
    this.second = (Math.imul(this.second, SECOND_FACTOR) + code) | 0;
  }
}

function afterBlanks(line: string, start: number, limit: number): number {
  let at = start;
  while (at < limit && kindOf(line.charCodeAt(at)) === BLANK) at += 1;
  return at;
}

/** A dot that ends a sentence or leads to a value (`state........0`), not one inside a number or a name. */
function isLooseDot(line: string, at: number, limit: number): boolean {
  if (line.charCodeAt(at) !== DOT_CODE) return false;
  return at + 1 === limit || kindOf(line.charCodeAt(at + 1)) > DIGIT;
}

/** Where to cut a long line: a word cut in half would differ from line to line. */
function lastBlank(line: string): number {
  let at = LONGEST_LINE_CHARS;
  while (at > 0 && kindOf(line.charCodeAt(at)) !== BLANK) at -= 1;
  return at;
}
