/**
 * Series detector: the general detector for a single series. One setting for every series, nothing to tune.
 *
 * in: values in time order → out: SeriesVerdict
 *
 * Rule: a value is unusual when the series has not been in such a state before (self-similarity.ts, on the
 * values and on their level, the mean of about ten), or when its level is not where its season puts it (season.ts). Each distance
 * becomes evidence by its rarity in its own history (rarity.ts): 3/4 from the values, 1/4 from the level; the season is heard when it is twice as
 * rare. At BAR or above it is an alarm, the first one of 25 values (refractory.ts).
 * When it misleads: a trouble seen before within 1,000 values; a slow creep; everything in the first 100 values.
 * Not the live one: watch-signal.ts judges what matters to a user after 20 s of learning; this one needs 100 values, knows
 * nothing of what is good or bad, and is the one to use on any series with a history.
 *
 *   // every day 20 at night and 80 by day, then 40 at noon →
 *   // 'expected about 80, seen 40: rarer than 1 in 2,900 values, since 2026-01-11T12:00:00.000Z'
 */
import { RarityHistory, rarityOfEvidence } from './rarity.js';
import { createRefractory } from './refractory.js';
import { Season } from './season.js';
import type { Seasonal } from './season.js';
import { SelfSimilarity } from './self-similarity.js';
import { scoreOf } from './streaming-detector.js';
import type { StreamingDetector, Verdict } from './streaming-detector.js';
import { createTimeOrder } from './time-order.js';

/** Evidence for an alarm; with 1,000 values of history, about 1 in 165. */
export const BAR = 1.48;
const LEARN_VALUES = 100;
/** The level follows over about ten values. */
const LEVEL_RATE = 0.1;
const VALUES_SHARE = 0.75;
/** Twice as rare: a season off lasts, and would otherwise be heard for hours. */
const SEASON_HANDICAP = Math.log10(2);
/** After a gap the contexts are of another time; the longest looks back over 3.3 values. */
const SETTLE_VALUES = 3;
/** Differences below a billionth of the size are rounding. */
const ROUNDING = 1e-9;

/** Evidence at this part of the bar begins what an alarm then says it lasts since. */
const SUSPICIOUS = 0.5;
/** The score of what is over the bar but part of an alarm raised already. */
const HELD_BACK = 0.49;

export interface SeriesVerdict extends Verdict {
  readonly evidence: number;
  readonly alarm: SeriesAlarm | null;
}

export interface SeriesAlarm {
  /** Milliseconds since 1970 of the first suspicious value. */
  readonly since: number;
  readonly expected: number;
  readonly seen: number;
  /** At most one in so many earlier values was as far from everything known. */
  readonly oneIn: number;
  readonly because: string;
}

const IGNORED: SeriesVerdict = { state: 'ignored', score: 0, evidence: 0, alarm: null };
const LEARNING: SeriesVerdict = { state: 'learning', score: 0, evidence: 0, alarm: null };

export function createSeriesDetector(): StreamingDetector<SeriesVerdict> {
  return new SeriesDetector();
}

class SeriesDetector implements StreamingDetector<SeriesVerdict> {
  private readonly values = new SelfSimilarity();
  private readonly levels = new SelfSimilarity();
  private readonly season = new Season();
  private readonly ofValues = new RarityHistory();
  private readonly ofLevels = new RarityHistory();
  private readonly ofSeason = new RarityHistory();
  private readonly order = createTimeOrder();
  private readonly isNewAlarm = createRefractory();
  private learned = 0;
  private level = 0;
  private size = 0;
  private settling = 0;
  private suspiciousSince: number | null = null;

  next(at: number, value: number): SeriesVerdict {
    const order = Number.isFinite(value) ? this.order(at) : 'late';
    if (order === 'late') return IGNORED;
    if (order === 'after a gap') this.settling = SETTLE_VALUES;
    const { evidence, seasonal } = this.evidenceOf(value);
    this.learned += 1;
    if (this.learned <= LEARN_VALUES) return LEARNING;
    const isSettling = this.settling > 0;
    if (isSettling) this.settling -= 1;

    if (evidence < SUSPICIOUS * BAR) this.suspiciousSince = null;
    else this.suspiciousSince ??= at;
    const isNew = this.isNewAlarm(evidence >= BAR && !isSettling);
    if (!isNew)
      return { state: 'normal', score: Math.min(scoreOf(evidence, BAR), HELD_BACK), evidence, alarm: null };
    const alarm = this.alarmOf(value, evidence, seasonal, this.suspiciousSince ?? at);
    return { state: 'anomalous', score: scoreOf(evidence, BAR), evidence, alarm };
  }

  private evidenceOf(value: number): { evidence: number; seasonal: Seasonal | null } {
    const rate = Math.max(LEVEL_RATE, 1 / (this.learned + 1));
    this.level += rate * (value - this.level);
    this.size += rate * (Math.abs(value) - this.size);
    const apart = (distance: number) => (distance > ROUNDING * this.size ? distance : 0);
    const ofValue = this.ofValues.next(apart(this.values.next(value)));
    const ofLevel = this.ofLevels.next(apart(this.levels.next(this.level)));
    const state = VALUES_SHARE * ofValue + (1 - VALUES_SHARE) * ofLevel;
    const seasonal = this.season.next(value, this.level);
    if (seasonal === null) return { evidence: state, seasonal };
    const offSeason = this.ofSeason.next(apart(seasonal.distance)) - SEASON_HANDICAP;
    return offSeason > state ? { evidence: offSeason, seasonal } : { evidence: state, seasonal: null };
  }

  private alarmOf(seen: number, evidence: number, seasonal: Seasonal | null, since: number): SeriesAlarm {
    const expected = seasonal?.expected ?? this.values.expected();
    const oneIn = rarityOfEvidence(evidence, this.learned);
    const season = seasonal === null ? '' : ` at this point of a season of ${seasonal.period} values`;
    const because =
      `expected about ${short(expected)}${season}, seen ${short(seasonal === null ? seen : this.level)}: ` +
      `rarer than 1 in ${oneIn} values, since ${new Date(since).toISOString()}`;
    return { since, expected, seen, oneIn, because };
  }
}

const short = (value: number): string => String(Number(value.toPrecision(3)));
