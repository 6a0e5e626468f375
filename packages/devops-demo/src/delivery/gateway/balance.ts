/**
 * Balance: which backend is next?
 *
 * in: weights, chance → out: the next backend, request after request
 *
 * Rule: a block has as many slots as the weights sum to (a hundred: per cents), each backend as many of them as its weight, in an order that
 * is shuffled anew for each block. In each block of 100 requests everybody has exactly its per cent, so a small sample is no unlucky one;
 * and no rhythm of the requests meets a rhythm of the choice. Shares that change begin a new block; the same again go on with theirs.
 * When it misleads: chance can give a canary two requests in a row, or the last slots of one block and the first of the next.
 * Baseline: smooth weighted round robin (nginx, 2012) spreads the slots evenly. At 5 % it chose exactly every twentieth request, so that of clients
 * whose kinds of requests take turns by 2, 4, 5 or 10 the canary met one kind only, and passed with a defect in another.
 * Source: stratified sampling, W. G. Cochran, Sampling Techniques, 3rd edition (1977), chapter 5; the shuffle is R. Durstenfeld's, CACM 7 (1964).
 *
 *   const next = createBalance(Math.random);
 *   next([{ name: 'blue', weight: 95 }, { name: 'green', weight: 5 }]) // green for 5 of each 100, nobody knows which
 */
export interface Weighted {
  readonly name: string;
  readonly weight: number;
}

/** Undefined when nobody has a weight. */
export type Balance = <B extends Weighted>(backends: readonly B[]) => B | undefined;

export function createBalance(random: () => number): Balance {
  let [shares, slots]: [string, string[]] = ['', []];
  return (backends) => {
    const now = sharesOf(backends);
    if (now !== shares || slots.length === 0) slots = shuffledBlock(backends, random);
    shares = now;
    const chosen = slots.pop();
    return backends.find(({ name }) => name === chosen);
  };
}

function sharesOf(backends: readonly Weighted[]): string {
  return backends.map(({ name, weight }) => `${name} ${weight}`).join();
}

function shuffledBlock(backends: readonly Weighted[], random: () => number): string[] {
  const slots = backends.flatMap(({ name, weight }) => Array<string>(weight).fill(name));
  for (let left = slots.length; left > 1; left--) {
    const taken = Math.floor(random() * left);
    [slots[taken], slots[left - 1]] = [slots[left - 1] ?? '', slots[taken] ?? ''];
  }
  return slots;
}
