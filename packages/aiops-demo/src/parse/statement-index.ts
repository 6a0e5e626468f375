/**
 * Statement index: from a skeleton to the statement it belongs to.
 *
 * in: the words of a skeleton → out: a statement or none, the words it has from now on, and statements that are the same
 *
 * Rule: an equal skeleton first; then a statement that is equal but for its variables; then one that differs in one word
 * only, if that is a variable (variable-word.ts). With a value in place of that word the statement may equal, or be one word
 * apart from, yet another; so look again until it is not.
 * What it gains: statements with several variables (`flight <*> from JFK to ORD`) end up as one; the development half has none to tell.
 * Cost: hash look-ups, as many as the skeleton has words, for each set of variable positions in use among statements of
 * that many words (32 at most); no comparison with all statements.
 */
import { OneWordApart } from './one-word-apart.js';
import { VALUE } from './skeleton.js';
import type { Statement } from './statement.js';
import { VariablePositions, isSuperset } from './variable-positions.js';
import { variableWord } from './variable-word.js';

export interface Place {
  readonly statement: Statement | null;
  readonly words: readonly string[];
  readonly variables: ReadonlySet<number>;
  /** Statements that turned out to be this one, no longer in the index. */
  readonly merged: readonly Statement[];
}

export class StatementIndex {
  readonly #bySkeleton = new Map<string, Statement>();
  readonly #apart = new OneWordApart<Statement>();
  readonly #positions = new VariablePositions();
  readonly #byLength = new Map<number, Set<Statement>>();

  add(statement: Statement): void {
    this.#bySkeleton.set(statement.words.join(' '), statement);
    this.#apart.add(statement);
    this.#positions.add(statement);
    const { length } = statement.words;
    this.#byLength.set(length, (this.#byLength.get(length) ?? new Set()).add(statement));
  }

  remove(statement: Statement): void {
    this.#bySkeleton.delete(statement.words.join(' '));
    this.#apart.remove(statement);
    this.#positions.remove(statement);
    const sameLength = this.#byLength.get(statement.words.length);
    sameLength?.delete(statement);
    if (sameLength?.size === 0) this.#byLength.delete(statement.words.length);
  }

  withSkeleton(words: readonly string[]): Statement | undefined {
    return this.#bySkeleton.get(words.join(' '));
  }

  /** Where a skeleton belongs. The statement found is moved to its new words. */
  place(skeleton: readonly string[]): Place {
    const known = this.withSkeleton(skeleton);
    if (known !== undefined)
      return { statement: known, words: skeleton, variables: known.variables, merged: [] };
    let place: Place = { statement: null, words: skeleton, variables: new Set(), merged: [] };
    for (;;) {
      const wider = this.#equal(place) ?? this.#oneWordApart(place) ?? this.#covered(place);
      if (wider === null) break;
      place = wider;
    }
    const { statement, words, variables } = place;
    if (statement !== null) this.add(Object.assign(statement, { words, variables }));
    return place;
  }

  #equal(place: Place): Place | null {
    for (const variables of this.#positions.of(place.words)) {
      const words = withValues(place.words, variables);
      const same = this.withSkeleton(words);
      if (same !== undefined && isSuperset(same.variables, variables))
        return this.#join(place, [same], words, variables);
    }
    return null;
  }

  #oneWordApart(place: Place): Place | null {
    for (const variables of this.#positions.of(place.words)) {
      const words = withValues(place.words, variables);
      const variable = variableWord(words, variables, this.#apart.neighbours(words));
      if (variable === null) continue;
      const { position, others } = variable;
      const more = new Set([...variables, position]);
      return this.#join(place, others, withValues(words, more), more);
    }
    return null;
  }

  /** Statements that differ in several variables were no neighbours before all of these were known. */
  #covered(place: Place): Place | null {
    const { statement, words, variables } = place;
    if (statement === null || variables.size < 2 || variables.size === statement.variables.size) return null;
    const sameLength = this.#byLength.get(words.length) ?? [];
    const same = [...sameLength].filter(
      (other) => other !== statement && isEqualBut(variables, other.words, words),
    );
    return same.length === 0 ? null : this.#join(place, same, words, variables);
  }

  #join(
    place: Place,
    others: readonly Statement[],
    words: readonly string[],
    variables: ReadonlySet<number>,
  ): Place {
    for (const other of others) this.remove(other);
    const all = place.statement === null ? [...others] : [place.statement, ...others];
    const [oldest = null, ...younger] = all.sort((a, b) => a.age - b.age);
    const known = all.flatMap((one) => [...one.variables]);
    return {
      statement: oldest,
      words,
      variables: new Set([...place.variables, ...variables, ...known]),
      merged: [...place.merged, ...younger],
    };
  }
}

function withValues(words: readonly string[], positions: ReadonlySet<number>): readonly string[] {
  return positions.size === 0 ? words : words.map((word, i) => (positions.has(i) ? VALUE : word));
}

function isEqualBut(
  positions: ReadonlySet<number>,
  words: readonly string[],
  others: readonly string[],
): boolean {
  return words.every((word, i) => word === others[i] || positions.has(i));
}
