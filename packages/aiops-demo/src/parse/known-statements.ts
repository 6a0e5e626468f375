/**
 * Known statements: a bounded number of them, and the ids of those that were merged into others.
 *
 * Rule: when there is no room, one that was not seen for long makes place: the first in line, unless it was seen since it last stood
 * there, in which case it goes to the end (second chance). A line costs one mark, where an exact order of last use costs as
 * much as the look-up.
 * When it misleads: of those not seen lately, not always the one unseen for longest goes.
 * Source: Corbató, "A Paging Experiment with the Multics System", 1968.
 */
import { widenTemplate } from './statement.js';
import type { KnownTemplate, Statement } from './statement.js';

export class KnownStatements {
  readonly #most: number;
  readonly #statements = new Map<string, Statement>();
  /** Ids of merged statements, oldest first. */
  readonly #aliases = new Map<string, Statement>();

  constructor(most: number) {
    this.#most = most;
  }

  get size(): number {
    return this.#statements.size;
  }

  has(id: string): boolean {
    return this.#statements.has(id);
  }

  isTaken(id: string): boolean {
    return this.#statements.has(id) || this.#aliases.has(id);
  }

  templates(): readonly KnownTemplate[] {
    return [...this.#statements.values()].map(({ id, template, count }) => ({ id, template, count }));
  }

  /** Merged ones have count 0 and the text of the one that went on. */
  aliases(): readonly KnownTemplate[] {
    return [...this.#aliases].map(([id, into]) => ({ id, template: goesOnAs(into).template, count: 0 }));
  }

  resolve(id: string): string {
    const alias = this.#aliases.get(id);
    return alias === undefined ? id : goesOnAs(alias).id;
  }

  /** @returns the one that made place, if any */
  add(statement: Statement): Statement | null {
    const forgotten = this.#statements.size >= this.#most ? this.#forgetOne() : null;
    this.#statements.set(statement.id, statement);
    return forgotten;
  }

  merge(younger: Statement, older: Statement): void {
    younger.into = older;
    older.count += younger.count;
    widenTemplate(older, younger.template);
    this.#statements.delete(younger.id);
    this.alias(younger.id, older);
  }

  alias(id: string, statement: Statement): void {
    for (const oldest of this.#aliases.keys()) {
      if (this.#aliases.size < this.#most) break;
      this.#aliases.delete(oldest);
    }
    this.#aliases.set(id, statement);
  }

  #forgetOne(): Statement | null {
    for (const [id, statement] of this.#statements) {
      this.#statements.delete(id);
      if (!statement.wasSeen) {
        statement.isForgotten = true;
        return statement;
      }
      statement.wasSeen = false;
      this.#statements.set(id, statement);
    }
    return null;
  }
}

/** The statement that a merged one goes on as; itself, if it is not merged. */
export function goesOnAs(statement: Statement): Statement {
  let last = statement;
  while (last.into !== null) last = last.into;
  return last;
}
