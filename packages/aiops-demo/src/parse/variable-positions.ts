/**
 * Variable positions: which sets of positions are variables of some statement, by number of words.
 *
 * in: words → out: the sets worth trying for them, the empty one first
 *
 *   positions.of(['flight', 'from', 'JFK', 'to', 'ORD'])  // [{}, {2, 4}], if a statement of five words has variables there
 */

/** Sets beyond these are not tried; a log has a few. */
const MOST_SETS = 32;
const NONE: ReadonlySet<number> = new Set();

interface WithVariables {
  readonly words: readonly string[];
  readonly variables: ReadonlySet<number>;
}

interface Use {
  readonly positions: ReadonlySet<number>;
  statements: number;
}

export class VariablePositions {
  readonly #byLength = new Map<number, Map<string, Use>>();

  add({ words, variables }: WithVariables): void {
    if (variables.size === 0) return;
    const uses = this.#byLength.get(words.length) ?? new Map<string, Use>();
    this.#byLength.set(words.length, uses);
    const use = uses.get(nameOf(variables)) ?? { positions: variables, statements: 0 };
    use.statements += 1;
    uses.set(nameOf(variables), use);
  }

  remove({ words, variables }: WithVariables): void {
    const uses = this.#byLength.get(words.length);
    const use = uses?.get(nameOf(variables));
    if (uses === undefined || use === undefined) return;
    use.statements -= 1;
    if (use.statements === 0) uses.delete(nameOf(variables));
    if (uses.size === 0) this.#byLength.delete(words.length);
  }

  *of(words: readonly string[]): Generator<ReadonlySet<number>> {
    yield NONE;
    let sets = 0;
    for (const { positions } of this.#byLength.get(words.length)?.values() ?? []) {
      yield positions;
      sets += 1;
      if (sets === MOST_SETS) return;
    }
  }
}

export function isSuperset(all: ReadonlySet<number>, some: ReadonlySet<number>): boolean {
  return [...some].every((position) => all.has(position));
}

function nameOf(positions: ReadonlySet<number>): string {
  return [...positions].sort((a, b) => a - b).join();
}
