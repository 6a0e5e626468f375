/**
 * Rarity: how seldom has a number been this large in its own history?
 *
 * in: one non-negative number → out: its evidence, and it is learned
 *
 * Rule: p = (numbers as large + 1) / (all numbers + 1), a conformal p-value: it makes every detector's numbers comparable
 * without knowing their distribution. evidence = 0.75 × log10(all + 1) − log10(as large + 1), which is −log10 p less a quarter of
 * log10(all + 1): the more has been tested, the rarer an alarm must be (alpha spending), so that false alarms do not grow in
 * proportion to the length of a series. The history is a histogram on a logarithmic scale in which older
 * numbers fade: it follows what changes slowly and never grows.
 * When it misleads: among the first numbers nothing can be rare. Numbers in one bin (2 % wide) count as equal.
 * Source: conformal anomaly detection (Laxhammar and Falkman 2010; Burnaev and Ishimtsev, KNN-CAD, 2016); online control of
 * false alarms by spending (Foster and Stine 2008).
 *
 *   // after 999 numbers of which none is as large (faded: 884): 0.75 × log10(885) − 0 = 2.21
 */
const SPENDING = 0.75;
/** Numbers: two weeks at one value in five minutes. */
const MEMORY = 4_000;
const RESCALE_AT = 1_000;
const BINS_PER_OCTAVE = 32;
/** From 2⁻⁶⁴ to 2⁶⁴: anything a metric can measure. */
const OCTAVES = 128;
const BINS = BINS_PER_OCTAVE * OCTAVES;

/** Turns evidence back into words: at most one in so many of `all` numbers was as large. */
export function rarityOfEvidence(evidence: number, all: number): number {
  const faded = MEMORY * (1 - Math.exp(-all / MEMORY));
  return Math.round(10 ** (evidence + (1 - SPENDING) * Math.log10(faded + 1)));
}

export interface Rarity {
  readonly evidence: number;
  /** Earlier numbers, and how many of them were as large; older ones count less. */
  readonly all: number;
  readonly asLarge: number;
}

export class RarityHistory {
  /** Fenwick tree (Fenwick 1994): sums over bins, in log2(bins) steps. */
  private readonly tree = new Float32Array(BINS + 1);
  private all = 0;
  /** In place of shrinking all older numbers at each new one, the new one weighs more. */
  private weight = 1;

  next(number: number): number {
    const { evidence } = this.rarityOf(number);
    this.learn(number);
    return evidence;
  }

  rarityOf(number: number): Rarity {
    const { tree, weight } = this;
    let smaller = 0;
    for (let bin = binOf(number) - 1; bin > 0; bin -= bin & -bin) smaller += tree[bin]!;
    const all = this.all / weight;
    const asLarge = Math.max(0, this.all - smaller) / weight;
    return { evidence: SPENDING * Math.log10(all + 1) - Math.log10(asLarge + 1), all, asLarge };
  }

  private learn(number: number): void {
    const { tree } = this;
    this.weight *= 1 + 1 / MEMORY;
    for (let bin = binOf(number); bin <= BINS; bin += bin & -bin) tree[bin]! += this.weight;
    this.all += this.weight;
    if (this.weight >= RESCALE_AT) this.rescale();
  }

  private rescale(): void {
    for (let bin = 1; bin <= BINS; bin += 1) this.tree[bin]! /= this.weight;
    this.all /= this.weight;
    this.weight = 1;
  }
}

function binOf(number: number): number {
  const octave = Math.log2(number) + OCTAVES / 2;
  if (!(octave > 0)) return 1;
  return Math.min(BINS, 1 + Math.floor(octave * BINS_PER_OCTAVE));
}
