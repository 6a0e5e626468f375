/**
 * Statement index: from a skeleton to the statement it belongs to.
 *
 * in: the words of a skeleton → out: a statement or none, the words it has from now on, and statements that are the same
 *
 * Rule: an equal skeleton first; else a statement that differs in one word only, if that is a variable (variable-word.ts). With
 * a value in place of that word the statement may equal, or be one word apart from, yet another; so look again until it is not.
 * Cost: hash look-ups, as many as the skeleton has words; no comparison with all statements.
 */
import { OneWordApart } from './one-word-apart.js';
import type { Statement } from './statement.js';
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

  add(statement: Statement): void {
    this.#bySkeleton.set(statement.words.join(' '), statement);
    this.#apart.add(statement);
  }

  remove(statement: Statement): void {
    this.#bySkeleton.delete(statement.words.join(' '));
    this.#apart.remove(statement);
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
      const variable = variableWord(place.words, this.#apart.neighbours(place.words));
      if (variable === null) break;
      place = this.#join(place, variable.others, variable.words, variable.position);
      const same = this.withSkeleton(place.words);
      if (same !== undefined) place = this.#join(place, [same], place.words);
    }
    const { statement, words, variables } = place;
    if (statement !== null) this.add(Object.assign(statement, { words, variables }));
    return place;
  }

  #join(place: Place, others: readonly Statement[], words: readonly string[], position?: number): Place {
    const all = place.statement === null ? [...others] : [place.statement, ...others];
    for (const other of others) this.remove(other);
    const [oldest = null, ...younger] = all.sort((a, b) => a.age - b.age);
    const variables = new Set([...place.variables, ...all.flatMap((one) => [...one.variables])]);
    if (position !== undefined) variables.add(position);
    return { statement: oldest, words, variables, merged: [...place.merged, ...younger] };
  }
}
