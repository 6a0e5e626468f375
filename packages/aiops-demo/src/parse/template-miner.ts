/**
 * Template miner: clusters log lines into templates, one line at a time.
 *
 * in: a log line → out: the template it belongs to, with an id that stays
 *
 * Rule: (1) a scan of the line (line-scan.ts) gives a fingerprint of its text without values; a known fingerprint leads to
 * its template at once. (2) Otherwise its skeleton (skeleton.ts) does. (3) Otherwise a template that differs in one word
 * only, if that word is a variable (one-word-apart.ts, variable-word.ts). (4) Otherwise the line starts a template.
 * When (3) finds that several templates are one, the oldest goes on and the others' ids lead to it (`resolve`).
 * What it gains over Drain: mean grouping accuracy 0.771 → 0.991 on Loghub's development half, one default for all systems; the
 * share of each step is printed by `npm run -s bench:logs`.
 * When it misleads: see skeleton.ts and variable-word.ts.
 * Bounds: `maxTemplates` templates; one that was not seen for long makes place (second chance, Corbató 1968, which costs a line
 * nothing, where an exact order of last use costs as much as the look-up); eight fingerprints a template on average.
 * Source: the way of Drain (He et al. 2017: online, a look-up that does not compare with every cluster) with the idea of
 * Brain (Yu et al. 2023: how many different words follow shared words tells constants from variables).
 *
 *   miner.learn('link eth0 up')  // { change: 'new',     template: 'link eth0 up' }
 *   miner.learn('link eth1 up')  // { change: 'widened', template: 'link <*> up' }
 *   miner.learn('link eth2 up')  // { change: 'matched', template: 'link <*> up' }
 */
import { LineScan } from './line-scan.js';
import { isWord } from './one-word-apart.js';
import { VALUE, skeleton } from './skeleton.js';
import type { KnownTemplate, Learned, Statement } from './statement.js';
import { StatementIndex } from './statement-index.js';
import { templateId } from './template-id.js';
import { widenWords } from './template-text.js';
import { Variant } from './variant.js';
import { ENOUGH_SHARED_WORDS } from './variable-word.js';

/** Lists of different lengths, dates of different months: each has its own fingerprint. */
const FINGERPRINTS_PER_TEMPLATE = 8;
const NONE: readonly string[] = [];

export interface MinerOptions {
  readonly maxTemplates?: number;
}

export class TemplateMiner {
  readonly #maxTemplates: number;
  readonly #scan = new LineScan();
  readonly #variants = new Map<number, Variant>();
  readonly #index = new StatementIndex();
  /** The first one is asked first to make place. */
  readonly #statements = new Map<string, Statement>();
  /** Ids of merged statements, oldest first. */
  readonly #aliases = new Map<string, Statement>();
  #age = 0;

  constructor({ maxTemplates = 1_000 }: MinerOptions = {}) {
    this.#maxTemplates = maxTemplates;
  }

  /** Finds or starts the template of a line, and counts the line there. */
  learn(line: string): Learned {
    this.#scan.read(line);
    const variant = this.#variants.get(this.#scan.first);
    if (variant === undefined || variant.check !== this.#scan.second) return this.#meet(line);
    const statement = goesOnAs(variant.statement);
    if (statement.isForgotten) return this.#meet(line);
    variant.statement = statement;
    count(statement);
    const isWider = !variant.fits(line, this.#scan) && show(statement, variant.widen(line, this.#scan));
    return answer(statement, isWider ? 'widened' : 'matched');
  }

  /** The id that a template has now: its own, or that of the one it turned out to be. */
  resolve(id: string): string {
    const alias = this.#aliases.get(id);
    return alias === undefined ? id : goesOnAs(alias).id;
  }

  /** Takes back a template of an earlier run; returns the id of the one that made place, if any. */
  restore({ id, template, count }: KnownTemplate): string | null {
    if (this.#statements.has(id)) return null;
    const words = this.#skeletonOf(template);
    const known = this.#index.withSkeleton(words);
    if (known !== undefined) {
      known.count += count;
      this.#alias(id, known);
    } else if (count > 0) {
      const statement = this.#newStatement(id, words, { template, count });
      return this.#keep({ ...statement, variables: likelyVariables(words) });
    }
    return null;
  }

  get size(): number {
    return this.#statements.size;
  }

  templates(): readonly KnownTemplate[] {
    return [...this.#statements.values()].map(({ id, template, count }) => ({ id, template, count }));
  }

  /** What another miner needs to go on: the templates, then ids of merged ones, with count 0 and the text that they lead to. */
  journal(): readonly KnownTemplate[] {
    const aliases = [...this.#aliases].map(([id, into]) => ({
      id,
      template: goesOnAs(into).template,
      count: 0,
    }));
    return [...this.templates(), ...aliases];
  }

  /** A line whose fingerprint is not known. */
  #meet(line: string): Learned {
    const place = this.#index.place(skeleton(line, this.#scan).split(' '));
    if (place.statement === null) return this.#start(line, place.words);
    const { statement } = place;
    for (const younger of place.merged) this.#merge(younger, statement);
    count(statement);
    const isWider = show(statement, this.#remember(statement, line)) || place.merged.length > 0;
    return {
      ...answer(statement, isWider ? 'widened' : 'matched'),
      merged: place.merged.map(({ id }) => id),
    };
  }

  #start(line: string, words: readonly string[]): Learned {
    const isTaken = (id: string) => this.#statements.has(id) || this.#aliases.has(id);
    const statement = this.#newStatement(templateId(words.join(' '), isTaken), words, {
      template: '',
      count: 1,
    });
    statement.template = this.#remember(statement, line);
    return { ...answer(statement, 'new'), forgotten: this.#keep(statement) };
  }

  #newStatement(
    id: string,
    words: readonly string[],
    { template, count }: { template: string; count: number },
  ) {
    this.#age += 1;
    const variables: ReadonlySet<number> = new Set();
    return {
      id,
      age: this.#age,
      words,
      variables,
      template,
      count,
      wasSeen: false,
      isForgotten: false,
      into: null,
    };
  }

  #skeletonOf(text: string): string[] {
    this.#scan.read(text);
    return skeleton(text, this.#scan).split(' ');
  }

  #merge(younger: Statement, older: Statement): void {
    younger.into = older;
    older.count += younger.count;
    show(older, younger.template);
    this.#statements.delete(younger.id);
    this.#alias(younger.id, older);
  }

  #alias(id: string, statement: Statement): void {
    if (this.#aliases.size >= this.#maxTemplates) deleteFirst(this.#aliases);
    this.#aliases.set(id, statement);
  }

  /** Notes the fingerprint of the line read last; returns how the line is shown. */
  #remember(statement: Statement, line: string): string {
    if (this.#variants.size >= FINGERPRINTS_PER_TEMPLATE * this.#maxTemplates) deleteFirst(this.#variants);
    const variant = new Variant(statement, line, this.#scan);
    this.#variants.set(this.#scan.first, variant);
    return variant.shown(line, this.#scan);
  }

  #keep(statement: Statement): string | null {
    const forgotten = this.#statements.size >= this.#maxTemplates ? this.#forgetOne() : null;
    this.#statements.set(statement.id, statement);
    this.#index.add(statement);
    return forgotten;
  }

  /** Second chance: one that was seen since it last stood first goes to the end instead. */
  #forgetOne(): string | null {
    for (const [id, statement] of this.#statements) {
      this.#statements.delete(id);
      if (statement.wasSeen) {
        statement.wasSeen = false;
        this.#statements.set(id, statement);
        continue;
      }
      statement.isForgotten = true;
      this.#index.remove(statement);
      return id;
    }
    return null;
  }
}

/** A stored template does not tell which of its values were words; with enough words shared, any may be. */
function likelyVariables(words: readonly string[]): ReadonlySet<number> {
  if (words.filter(isWord).length < ENOUGH_SHARED_WORDS) return new Set();
  return new Set(words.flatMap((word, position) => (word === VALUE ? [position] : [])));
}

function count(statement: Statement): void {
  statement.count += 1;
  statement.wasSeen = true;
}

/** The statement that a merged one goes on as; itself, if it is not merged. */
function goesOnAs(statement: Statement): Statement {
  let last = statement;
  while (last.into !== null) last = last.into;
  return last;
}

/** Makes a template fit one more text; says whether that changed it. */
function show(statement: Statement, text: string): boolean {
  const before = statement.template;
  if (text === before) return false;
  statement.template = widenWords(before.split(' '), text.split(' ')).join(' ');
  return statement.template !== before;
}

function answer({ id, template }: Statement, change: Learned['change']): Learned {
  return { id, template, change, forgotten: null, merged: NONE };
}

function deleteFirst(map: Map<unknown, unknown>): void {
  for (const key of map.keys()) {
    map.delete(key);
    return;
  }
}
