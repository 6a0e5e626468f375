/**
 * Variable word: decides whether the one word in which templates differ is a variable of one statement.
 *
 * in: words, and the templates that differ in one of them → out: the words with a value there, or nothing
 *
 * Rule: yes, when three or more words are shared and one of the templates has a value at that place; or when five
 * templates differ there (ten, when fewer than three words are shared); or when the differing words are no words but
 * single letters and signs (`a`, `x+`). Templates that share no word never become one.
 * What it gains: see README.md, "What each step gains".
 * When it misleads: a variable with fewer than five plain words (`user=root`, `user=guest`) stays one template each;
 * five statements that differ in one word (`started`, `stopped`, …) become one.
 * Source: the child threshold of Yu, He, Chen, Lyu, "Brain: Log Parsing with Bidirectional Parallel Tree", IEEE TSC 2023:
 * below a word many share, few different words are constants and many are a variable.
 *
 *   variableWord(['registry', 'hive:', 'SAM'], neighbours)  // with four more hives known → ['registry', 'hive:', '<*>']
 */
import { isWord } from './one-word-apart.js';
import type { Neighbours } from './one-word-apart.js';
import { widenWord } from './template-text.js';

/** From how many shared words on a difference in one word is taken for a variable easily. */
const ENOUGH_SHARED_WORDS = 3;
/** Brain's thresholds, tuned per system, lie between 2 and 6. 4 to 6 give nearly the same here. */
const MANY_WORDS = 5;
const MANY_WORDS_IF_FEW_SHARED = 10;

interface Template {
  readonly words: readonly string[];
  /** Positions whose words were found to vary. */
  readonly variables: ReadonlySet<number>;
}

export interface VariableWord<T> {
  readonly words: string[];
  readonly position: number;
  readonly others: readonly T[];
}

export function variableWord<T extends Template>(
  words: readonly string[],
  neighbourhood: Iterable<Neighbours<T>>,
): VariableWord<T> | null {
  for (const { position, shared, others } of neighbourhood) {
    const word = words[position] ?? '';
    const isMany =
      others.length + 1 >= (shared >= ENOUGH_SHARED_WORDS ? MANY_WORDS : MANY_WORDS_IF_FEW_SHARED);
    const joined = isMany ? others : others.filter((other) => isSame(word, position, other, shared));
    if (joined.length === 0) continue;
    const widened = joined.reduce((wide, other) => widenWord(wide, other.words[position] ?? ''), word);
    return { words: words.with(position, widened), position, others: joined };
  }
  return null;
}

function isSame(word: string, position: number, other: Template, shared: number): boolean {
  if (other.variables.has(position)) return true;
  const otherWord = other.words[position] ?? '';
  const wide = widenWord(word, otherWord);
  const hasValueThere = wide === word || wide === otherWord;
  return hasValueThere ? shared >= ENOUGH_SHARED_WORDS : !isWord(word) && !isWord(otherWord);
}
