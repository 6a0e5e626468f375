/**
 * Series evidence: how unusual is a value, from all that is known of its series?
 *
 * in: one value → out: evidence, what was expected, and the season when it was the season that spoke
 *
 * Rule: two views, the value and its level (a fading mean of about ten). Each one's distance to the most similar earlier moment
 * (self-similarity.ts) becomes evidence by its rarity (rarity.ts): 3/4 from the value, 1/4 from the level. A level away from its
 * season (season.ts) is a second opinion, heard when it is four times as rare.
 * When it misleads: see those three; besides, changes below a billionth of a series' size count as rounding.
 *
 *   // 999 values like earlier ones, then one like none → 0.75 × 2.21 + 0.25 × (what its level says)
 */
import { RarityHistory } from './rarity.js';
import { Season } from './season.js';
import { SelfSimilarity } from './self-similarity.js';

/** The level follows over about ten values. */
const LEVEL_RATE = 0.1;
/** Anything from 0.7 to 0.9 does as well (within one window in 58 on the public benchmark). */
const VALUES_SHARE = 0.75;
/** Two opinions are two chances of a false alarm, and a level repeats itself: the season must be four times as rare. */
const SEASON_HANDICAP = Math.log10(4);
const ROUNDING = 1e-9;

export interface SeriesEvidence {
  readonly evidence: number;
  /** What was judged: the value, or the level when the season spoke. */
  readonly seen: number;
  /** The season's period and what it expected, when it was the season that spoke. */
  readonly season: { readonly period: number; readonly expected: number } | null;
}

export class EvidenceOfSeries {
  private readonly values = { similarity: new SelfSimilarity(), history: new RarityHistory() };
  private readonly levels = { similarity: new SelfSimilarity(), history: new RarityHistory() };
  private readonly season = new Season(this.values.similarity.recent, this.levels.similarity.recent);
  private readonly seasonHistory = new RarityHistory();
  private count = 0;
  private level = 0;
  private size = 0;

  next(value: number): SeriesEvidence {
    this.count += 1;
    const rate = Math.max(LEVEL_RATE, 1 / this.count);
    this.level += rate * (value - this.level);
    this.size += rate * (Math.abs(value) - this.size);
    const seasonal = this.season.next(value, this.level);
    const state =
      VALUES_SHARE * this.rarity(this.values, value) +
      (1 - VALUES_SHARE) * this.rarity(this.levels, this.level);
    if (seasonal === null) return { evidence: state, seen: value, season: null };
    const offSeason = this.seasonHistory.next(this.unlessRounding(seasonal.distance)) - SEASON_HANDICAP;
    if (offSeason <= state) return { evidence: state, seen: value, season: null };
    return { evidence: offSeason, seen: this.level, season: seasonal };
  }

  /** What followed the most similar earlier moment. */
  expected(): number {
    return this.values.similarity.expected();
  }

  private rarity({ similarity, history }: typeof this.values, value: number): number {
    return history.next(this.unlessRounding(similarity.next(value)));
  }

  private unlessRounding(distance: number): number {
    return distance > ROUNDING * this.size ? distance : 0;
  }
}
