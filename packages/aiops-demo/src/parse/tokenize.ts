/**
 * Tokenizing: a log line becomes the list of its words.
 *
 * in: one line of any length and content → out: at most 257 masked tokens
 *
 * Rule: words are what stands between white space, control characters and broken Unicode. Only the first 4,096 characters and
 * 256 words are looked at; a single `<*>` stands for the rest.
 * When it misleads: languages without spaces give one word a line.
 *
 *   tokenize('retry 2 of 5') // ['retry', '<*>', 'of', '<*>']
 */
import { VALUE, mask } from './mask.js';

/** Longer lines are dumps. Longest line in the eight Loghub development samples: under 2,000 characters. */
const LONGEST_LINE_CHARS = 4_096;
const MOST_WORDS = 256;
const BETWEEN_WORDS = /[\s\p{Cc}\p{Cs}]+/u;

/** Splits and masks one line. */
export function tokenize(line: string): string[] {
  const words = line.slice(0, LONGEST_LINE_CHARS).split(BETWEEN_WORDS).filter(Boolean);
  if (words.length > MOST_WORDS) return [...words.slice(0, MOST_WORDS).map(mask), VALUE];
  // The last word before the cut may be half a word, so it goes with the rest.
  if (line.length > LONGEST_LINE_CHARS) return [...words.slice(0, -1).map(mask), VALUE];
  return words.map(mask);
}
