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
 * Bounds: `maxTemplates` templates; one that was not seen for long makes place. Eight fingerprints a template on average.
 * Source: the way of Drain (He et al. 2017: online, a look-up that does not compare with every cluster) with the idea of
 * Brain (Yu et al. 2023: how many different words follow shared words tells constants from variables).
 *
 *   miner.learn('link eth0 up')  // { change: 'new',     template: 'link eth0 up' }
 *   miner.learn('link eth1 up')  // { change: 'widened', template: 'link <*> up' }
 *   miner.learn('link eth2 up')  // { change: 'matched', template: 'link <*> up' }
 */
import { KnownStatements, goesOnAs } from './known-statements.js';
import { LineScan } from './line-scan.js';
import { isWord } from './one-word-apart.js';
import { VALUE, skeleton } from './skeleton.js';
import { countLine, widenTemplate } from './statement.js';
import type { KnownTemplate, Learned, Statement } from './statement.js';
import { StatementIndex } from './statement-index.js';
import { templateId } from './template-id.js';
import { ENOUGH_SHARED_WORDS } from './variable-word.js';
import { Variant } from './variant.js';

const DEFAULT_MAX_TEMPLATES = 1_000;
/** Lists of different lengths, dates of different months: each has its own fingerprint. */
const FINGERPRINTS_PER_TEMPLATE = 8;
const NONE: readonly string[] = [];

export interface MinerOptions {
  readonly maxTemplates?: number;
}

export class TemplateMiner {
  readonly #mostVariants: number;
  readonly #scan = new LineScan();
  readonly #variants = new Map<number, Variant>();
  readonly #index = new StatementIndex();
  readonly #known: KnownStatements;
  #age = 0;

  constructor({ maxTemplates = DEFAULT_MAX_TEMPLATES }: MinerOptions = {}) {
    this.#mostVariants = FINGERPRINTS_PER_TEMPLATE * maxTemplates;
    this.#known = new KnownStatements(maxTemplates);
  }

  /** Finds or starts the template of a line, and counts the line there. */
  learn(line: string): Learned {
    this.#scan.read(line);
    const variant = this.#variants.get(this.#scan.first);
    if (variant === undefined || variant.check !== this.#scan.second) return this.#meet(line);
    const statement = goesOnAs(variant.statement);
    if (statement.isForgotten) return this.#meet(line);
    variant.statement = statement;
    countLine(statement);
    const isWider =
      !variant.fits(line, this.#scan) && widenTemplate(statement, variant.widen(line, this.#scan));
    return answer(statement, isWider ? 'widened' : 'matched');
  }

  /** The id that a template has now: its own, or that of the one it turned out to be. */
  resolve(id: string): string {
    return this.#known.resolve(id);
  }

  get size(): number {
    return this.#known.size;
  }

  templates(): readonly KnownTemplate[] {
    return this.#known.templates();
  }

  /** What another miner needs to go on: the templates, then ids of merged ones. */
  journal(): readonly KnownTemplate[] {
    return [...this.#known.templates(), ...this.#known.aliases()];
  }

  /** Takes back a template of an earlier run; returns the id of the one that made place, if any. */
  restore({ id, template, count }: KnownTemplate): string | null {
    if (this.#known.has(id)) return null;
    this.#scan.read(template);
    const words = skeleton(template, this.#scan).split(' ');
    const same = this.#index.withSkeleton(words);
    if (same === undefined)
      return count === 0 ? null : this.#add(id, words, likelyVariables(words), { template, count }).forgotten;
    same.count += count;
    this.#known.alias(id, same);
    return null;
  }

  /** A line whose fingerprint is not known. */
  #meet(line: string): Learned {
    const { statement, words, merged } = this.#index.place(skeleton(line, this.#scan).split(' '));
    if (statement === null) return this.#start(line, words);
    for (const younger of merged) this.#known.merge(younger, statement);
    countLine(statement);
    const isWider = widenTemplate(statement, this.#remember(statement, line)) || merged.length > 0;
    return { ...answer(statement, isWider ? 'widened' : 'matched'), merged: merged.map(({ id }) => id) };
  }

  #start(line: string, words: readonly string[]): Learned {
    const id = templateId(words.join(' '), (one) => this.#known.isTaken(one));
    const { statement, forgotten } = this.#add(id, words, new Set(), { template: '', count: 1 });
    statement.template = this.#remember(statement, line);
    return { ...answer(statement, 'new'), forgotten };
  }

  #add(
    id: string,
    words: readonly string[],
    variables: ReadonlySet<number>,
    { template, count }: { template: string; count: number },
  ): { statement: Statement; forgotten: string | null } {
    this.#age += 1;
    const state = { wasSeen: false, isForgotten: false, into: null };
    const statement = { id, age: this.#age, words, variables, template, count, ...state };
    const forgotten = this.#known.add(statement);
    if (forgotten !== null) this.#index.remove(forgotten);
    this.#index.add(statement);
    return { statement, forgotten: forgotten?.id ?? null };
  }

  /** Notes the fingerprint of the line read last; returns how the line is shown. */
  #remember(statement: Statement, line: string): string {
    for (const oldest of this.#variants.keys()) {
      if (this.#variants.size < this.#mostVariants) break;
      this.#variants.delete(oldest);
    }
    const variant = new Variant(statement, line, this.#scan);
    this.#variants.set(this.#scan.first, variant);
    return variant.shown(line, this.#scan);
  }
}

/** A stored template does not tell which of its values were words; with enough words shared, any may be. */
function likelyVariables(words: readonly string[]): ReadonlySet<number> {
  if (words.filter(isWord).length < ENOUGH_SHARED_WORDS) return new Set();
  return new Set(words.flatMap((word, position) => (word === VALUE ? [position] : [])));
}

function answer({ id, template }: Statement, change: Learned['change']): Learned {
  return { id, template, change, forgotten: null, merged: NONE };
}
