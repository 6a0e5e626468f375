/**
 * Drain: clusters log lines into templates, one line at a time.
 *
 * in: a log line → out: the cluster it belongs to, with its template
 *
 * Rule: walk a tree of fixed depth (number of tokens, then the first two tokens) to a short list of
 * clusters; take the one that shares most tokens with the line, if that is at least half of them; there,
 * tokens that differ become `<*>`. Otherwise the line starts a cluster.
 * When it misleads: lines of one statement with different numbers of words (a list, a name with a space)
 * become different templates; two statements that differ in one word of many become one.
 * Bounds: at most `maxTemplates` clusters; the one unseen for longest makes place. A line costs its length
 * plus one comparison with each cluster of its list.
 * Source: He, Zhu, Zheng, Lyu, "Drain: An Online Log Parsing Approach with Fixed Depth Tree", ICWS 2017.
 *
 *   drain.learn('Deleting block blk_1')         // { change: 'new',     template: 'Deleting block blk_<*>' }
 *   drain.learn('Connected to alice as admin')  // { change: 'new',     template: 'Connected to alice as admin' }
 *   drain.learn('Connected to bob as admin')    // { change: 'widened', template: 'Connected to <*> as admin' }
 */
import { VALUE } from './mask.js';
import { PrefixTree } from './prefix-tree.js';
import { templateId } from './template-id.js';
import { tokenize } from './tokenize.js';

/** Lines that look alike. The id stays while the template widens. */
export interface Cluster {
  readonly id: string;
  tokens: string[];
  template: string;
  count: number;
}

/** What one line did to the clusters. */
export interface Learned {
  readonly id: string;
  readonly template: string;
  readonly change: 'new' | 'widened' | 'matched';
  /** The cluster that was forgotten to make place, if any. */
  readonly forgotten: string | null;
}

export interface DrainOptions {
  /** Share of tokens that must be equal. The paper's st; 0.5 does best over many systems with generic masks. */
  readonly similarity?: number;
  readonly maxTemplates?: number;
}

export class Drain {
  readonly #similarity: number;
  readonly #maxTemplates: number;
  readonly #tree = new PrefixTree();
  /** In order of last use, so that the first one is the one unseen for longest. */
  readonly #clusters = new Map<string, Cluster>();

  constructor({ similarity = 0.5, maxTemplates = 1_000 }: DrainOptions = {}) {
    this.#similarity = similarity;
    this.#maxTemplates = maxTemplates;
  }

  /** Finds or starts the cluster of a line, and counts the line there. */
  learn(line: string): Learned {
    const tokens = tokenize(line);
    const cluster = this.#mostSimilar(tokens);
    if (cluster === undefined) return this.#start(tokens);
    this.#clusters.delete(cluster.id);
    this.#clusters.set(cluster.id, cluster);
    cluster.count += 1;
    const widened = widen(cluster, tokens);
    return {
      id: cluster.id,
      template: cluster.template,
      change: widened ? 'widened' : 'matched',
      forgotten: null,
    };
  }

  /** Takes back a cluster of an earlier run; returns the id of the one that made place, if any. */
  restore({ id, template, count }: { id: string; template: string; count: number }): string | null {
    if (this.#clusters.has(id)) return null;
    return this.#keep({ id, template, count, tokens: template === '' ? [] : template.split(' ') });
  }

  get size(): number {
    return this.#clusters.size;
  }

  clusters(): readonly Readonly<Cluster>[] {
    return [...this.#clusters.values()];
  }

  #mostSimilar(tokens: readonly string[]): Cluster | undefined {
    let best: Cluster | undefined;
    let bestSimilarity = -1;
    for (const cluster of this.#tree.candidates(tokens)) {
      const similarity = shareOfEqualTokens(cluster.tokens, tokens);
      if (similarity > bestSimilarity) [best, bestSimilarity] = [cluster, similarity];
    }
    return bestSimilarity >= this.#similarity ? best : undefined;
  }

  #start(tokens: string[]): Learned {
    const template = tokens.join(' ');
    const id = templateId(template, (taken) => this.#clusters.has(taken));
    const forgotten = this.#keep({ id, tokens, template, count: 1 });
    return { id, template, change: 'new', forgotten };
  }

  #keep(cluster: Cluster): string | null {
    const forgotten = this.#clusters.size >= this.#maxTemplates ? this.#forgetOldest() : null;
    this.#clusters.set(cluster.id, cluster);
    this.#tree.add(cluster);
    return forgotten;
  }

  #forgetOldest(): string | null {
    for (const [id, cluster] of this.#clusters) {
      this.#tree.remove(cluster);
      this.#clusters.delete(id);
      return id;
    }
    return null;
  }
}

function shareOfEqualTokens(template: readonly string[], tokens: readonly string[]): number {
  if (tokens.length === 0) return 1;
  let equal = 0;
  for (let position = 0; position < tokens.length; position += 1)
    if (template[position] === tokens[position]) equal += 1;
  return equal / tokens.length;
}

function widen(cluster: Cluster, tokens: readonly string[]): boolean {
  let changed = false;
  for (let position = 0; position < tokens.length; position += 1) {
    if (cluster.tokens[position] === tokens[position] || cluster.tokens[position] === VALUE) continue;
    cluster.tokens[position] = VALUE;
    changed = true;
  }
  if (changed) cluster.template = cluster.tokens.join(' ');
  return changed;
}
