/**
 * One word apart: finds the templates that equal a given one in all words but one.
 *
 * in: words → out: for each position, the templates that differ there and nowhere else
 *
 * Rule: a template is filed once for each of its words, under a hash of all the others. Neighbours are then found
 * without comparing templates, so the cost is the number of words and not the number of templates.
 * When it misleads: statements that differ in two words at once are not neighbours.
 * Bounds: the first 64 words; nothing is filed where no other word would be shared.
 * Source: the deletion neighbourhood of approximate dictionary look-up, Mor and Fraenkel, "A Hash Code Method for
 * Detecting and Correcting Spelling Errors", CACM 1982, with words for letters.
 *
 *   apart.add({ words: ['session', 'of', 'alice'] })
 *   apart.neighbours(['session', 'of', 'bob'])  // [{ position: 2, shared: 2, others: [{ words: ['session', 'of', 'alice'] }] }]
 */
import { VALUE } from './skeleton.js';

const MOST_POSITIONS = 64;
/** Odd, so that no factor is lost in 32 bits: the golden ratio's bits, as in Knuth, TAOCP 3, section 6.4. */
const FACTOR = 0x9e3779b1;
const WORD = /\p{L}{2}/u;

interface Worded {
  readonly words: readonly string[];
}

export interface Neighbours<T> {
  readonly position: number;
  /** How many words, not counting values and signs, all of them share. */
  readonly shared: number;
  readonly others: readonly T[];
}

export class OneWordApart<T extends Worded> {
  readonly #files = new Map<number, T[]>();

  add(template: T): void {
    for (const { hash } of holes(template.words)) {
      const file = this.#files.get(hash);
      if (file === undefined) this.#files.set(hash, [template]);
      else file.push(template);
    }
  }

  remove(template: T): void {
    for (const { hash } of holes(template.words)) {
      const left = this.#files.get(hash)?.filter((other) => other !== template) ?? [];
      if (left.length === 0) this.#files.delete(hash);
      else this.#files.set(hash, left);
    }
  }

  *neighbours(words: readonly string[]): Generator<Neighbours<T>> {
    for (const { position, shared, hash } of holes(words)) {
      const others = this.#files.get(hash)?.filter((other) => isEqualBut(position, other.words, words));
      if (others !== undefined && others.length > 0) yield { position, shared, others };
    }
  }
}

/** Whether there is a word beside values, signs and single letters. */
export function isWord(word: string): boolean {
  return WORD.test(word.replaceAll(VALUE, ''));
}

/** Each position with a hash of all words but the one there. */
function holes(words: readonly string[]): { position: number; shared: number; hash: number }[] {
  const isPlain = words.map(isWord);
  const plain = isPlain.filter(Boolean).length;
  let factor = words.length + 1;
  const shares = words.map((word) => {
    factor = Math.imul(factor, FACTOR) + 1;
    return Math.imul(hashOf(word), factor | 1);
  });
  const sum = shares.reduce((total, share) => (total + share) | 0, words.length);
  return shares
    .slice(0, MOST_POSITIONS)
    .map((share, position) => ({
      position,
      shared: plain - (isPlain[position] === true ? 1 : 0),
      hash: Math.imul((sum - share) | 0, FACTOR) ^ position,
    }))
    .filter(({ shared }) => shared > 0);
}

function hashOf(word: string): number {
  let hash = 0;
  for (let at = 0; at < word.length; at += 1) hash = (Math.imul(hash, 31) + word.charCodeAt(at)) | 0;
  return hash;
}

function isEqualBut(position: number, words: readonly string[], others: readonly string[]): boolean {
  return words.length === others.length && words.every((word, i) => i === position || word === others[i]);
}
