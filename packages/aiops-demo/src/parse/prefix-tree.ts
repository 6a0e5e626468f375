/**
 * Drain's parse tree: from a line's tokens to the few clusters it may belong to.
 *
 * in: tokens → out: the clusters in the same leaf
 *
 * Rule: level 1 is the number of tokens, levels 2 and 3 are the first two tokens. A token with a digit, and
 * any new token at a node that is full, goes to the branch `<*>`, so the tree cannot explode.
 * When it misleads: a statement that begins with a value in plain words lands in several leaves.
 * Source: He et al. 2017, section III-B to III-D.
 */
import type { Cluster } from './drain.js';
import { VALUE } from './mask.js';

/** The paper's "depth 4": root, length and leaf beside two levels of tokens. */
const TOKEN_LEVELS = 2;
/** The paper's maxChild. */
const MOST_CHILDREN = 100;
const HAS_DIGIT = /\d/;

interface Node {
  readonly children: Map<string, Node>;
  readonly clusters: Cluster[];
}

export class PrefixTree {
  readonly #root: Node = emptyNode();
  /** Where each cluster stands: a branch may be full when it is added and free later. */
  readonly #paths = new WeakMap<Cluster, string[]>();

  candidates(tokens: readonly string[]): readonly Cluster[] {
    let node = this.#root.children.get(String(tokens.length));
    for (const token of tokens.slice(0, TOKEN_LEVELS)) {
      node = node?.children.get(branch(token)) ?? node?.children.get(VALUE);
    }
    return node?.clusters ?? [];
  }

  add(cluster: Cluster): void {
    const path = [String(cluster.tokens.length)];
    let node = child(this.#root, String(cluster.tokens.length));
    for (const token of cluster.tokens.slice(0, TOKEN_LEVELS)) {
      const name = branch(token);
      const isFull = node.children.size >= MOST_CHILDREN && !node.children.has(name);
      path.push(isFull ? VALUE : name);
      node = child(node, isFull ? VALUE : name);
    }
    node.clusters.push(cluster);
    this.#paths.set(cluster, path);
  }

  remove(cluster: Cluster): void {
    prune(this.#root, this.#paths.get(cluster) ?? [], cluster);
  }
}

function branch(token: string): string {
  return HAS_DIGIT.test(token) ? VALUE : token;
}

function child(node: Node, name: string): Node {
  const found = node.children.get(name) ?? emptyNode();
  node.children.set(name, found);
  return found;
}

/** Takes a cluster out of its leaf, and every branch that is empty then. */
function prune(node: Node, [name, ...rest]: readonly string[], cluster: Cluster): void {
  if (name === undefined) {
    node.clusters.splice(node.clusters.indexOf(cluster), 1);
    return;
  }
  const next = node.children.get(name);
  if (next === undefined) return;
  prune(next, rest, cluster);
  if (next.clusters.length === 0 && next.children.size === 0) node.children.delete(name);
}

function emptyNode(): Node {
  return { children: new Map(), clusters: [] };
}
