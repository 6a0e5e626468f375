/**
 * Variable word: decides whether the one word in which templates differ is a variable of one statement.
 *
 * in: words, and the templates that differ in one of them → out: where a value belongs, and whose templates are the same; or nothing
 *
 * Rule: yes, when three or more words are shared and one of the templates has a value at that place; or when five
 * templates differ there (ten, when fewer than three words are shared); or when the differing words are no words but
 * single letters and signs (`a`, `x+`). Templates that share no word never become one.
 * What it gains: mean grouping accuracy 0.941 → 0.991 on Loghub's development half (`npm run -s bench:logs`, step 3).
 * When it misleads: a variable with fewer than five plain words (`user=root`, `user=guest`) stays one template each;
 * five statements that differ in one word (`started`, `stopped`, …) become one.
 * Source: the child threshold of Yu, He, Chen, Lyu, "Brain: Log Parsing with Bidirectional Parallel Tree", IEEE TSC 2023:
 * below a word many share, few different words are constants and many are a variable.
 *
 *   variableWord(['registry', 'hive:', 'SAM'], neighbours)  // with nine more hives known → { position: 2, others: all nine }
 */
import { isWord } from './one-word-apart.js';
import type { Neighbours } from './one-word-apart.js';
import { isSuperset } from './variable-positions.js';
import { widenWord } from './template-text.js';

/** From how many shared words on a difference in one word is taken for a variable easily. */
export const ENOUGH_SHARED_WORDS = 3;
/** Brain's thresholds, tuned per system, lie between 2 and 6. 4 to 6 give nearly the same here. */
const MANY_WORDS = 5;
const MANY_WORDS_IF_FEW_SHARED = 10;

interface Template {
  readonly words: readonly string[];
  /** Positions whose words were found to vary. */
  readonly variables: ReadonlySet<number>;
}

export interface VariableWord<T> {
  readonly position: number;
  readonly others: readonly T[];
}

/** @param known positions that are variables already; only statements that have them too are considered */
export function variableWord<T extends Template>(
  words: readonly string[],
  known: ReadonlySet<number>,
  neighbourhood: Iterable<Neighbours<T>>,
): VariableWord<T> | null {
  for (const { position, shared, others: all } of neighbourhood) {
    if (known.has(position)) continue;
    const others = all.filter(({ variables }) => isSuperset(variables, known));
    const word = words[position] ?? '';
    const isMany =
      others.length + 1 >= (shared >= ENOUGH_SHARED_WORDS ? MANY_WORDS : MANY_WORDS_IF_FEW_SHARED);
    const joined = isMany ? others : others.filter((other) => isSame(word, position, other, shared));
    if (joined.length > 0) return { position, others: joined };
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
