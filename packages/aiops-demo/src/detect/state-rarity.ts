/**
 * State rarity: how rare is the state this series is in now, against all that it did before?
 *
 * in: one value → out: evidence, the mean over three contexts
 *
 * Rule: the mean of the evidence (rarity.ts) of the three distances (self-similarity.ts). A mean of three asks for agreement: a
 * short context alone sees spikes everywhere, a long one alone comes late.
 * When it misleads: what only one context sees has to be three times as rare in it.
 *
 *   // a value never seen, after 999 others: 2.25 in each context → 2.25
 */
import { RarityHistory } from './rarity.js';
import { SelfSimilarity } from './self-similarity.js';

export class StateRarity {
  readonly similarity = new SelfSimilarity();
  private readonly short = new RarityHistory();
  private readonly middle = new RarityHistory();
  private readonly long = new RarityHistory();

  /** @param rounding distances up to here are none */
  next(value: number, rounding: number): number {
    const { short, middle, long } = this.similarity.next(value);
    const sum =
      this.short.next(short > rounding ? short : 0) +
      this.middle.next(middle > rounding ? middle : 0) +
      this.long.next(long > rounding ? long : 0);
    return sum / 3;
  }
}
