/**
 * Series detector: the general detector for a single series. One setting for every series, nothing to tune.
 *
 * in: values in time order → out: SeriesVerdict
 *
 * Rule: what is rarer than BAR in the history of its series (series-evidence.ts) is anomalous; the first such value of 25
 * is an alarm (refractory.ts). Late and repeated values are ignored; after a gap it waits three values (time-order.ts).
 * When it misleads: a trouble seen before within 1,000 values; a slow creep; everything in the first 100 values.
 * Not the live one: watch-signal.ts judges what matters to a user after 20 s of learning, knows good from bad and says when a
 * trouble is over. This one needs 100 values and asks only what is new; use it on any series with a history.
 *
 *   // 1,000 values of 20, then 80 →
 *   // 'expected about 20, seen 80, at most 1 in 886 values was as unusual, since 2026-01-04T11:20:00.000Z'
 */
import { rarityOfEvidence } from './rarity.js';
import { createRefractory } from './refractory.js';
import { EvidenceOfSeries } from './series-evidence.js';
import type { SeriesEvidence } from './series-evidence.js';
import { scoreOf } from './streaming-detector.js';
import type { StreamingDetector, Verdict } from './streaming-detector.js';
import { createTimeOrder } from './time-order.js';

/** Evidence for an alarm: after 1,000 values about 1 in 160. Anything from 1.42 to 1.50 does as well, within one window in 58. */
const BAR = 1.48;
/** From half of it on a value is suspicious: there begins what an alarm later says it lasts since. */
const SUSPICIOUS = BAR / 2;
const LEARN_VALUES = 100;
/** After a gap the context is of another time: what counts half from value to value is gone after three. */
const SETTLE_VALUES = 3;
/** The score of what is anomalous but part of an alarm raised already. */
const PART_OF_ALARM = 0.49;
/** Squares of what is larger do not fit a number. */
const LARGEST = 1e150;

export interface SeriesVerdict extends Verdict {
  readonly evidence: number;
  readonly alarm: SeriesAlarm | null;
}

export interface SeriesAlarm {
  /** Milliseconds since 1970 of the first suspicious value. */
  readonly since: number;
  readonly expected: number;
  readonly seen: number;
  /** At most one in so many values of its history was as unusual. */
  readonly oneIn: number;
  /** Expected, seen, how unusual, since when, in one sentence. */
  readonly because: string;
}

const IGNORED: SeriesVerdict = { state: 'ignored', score: 0, evidence: 0, alarm: null };
const LEARNING: SeriesVerdict = { state: 'learning', score: 0, evidence: 0, alarm: null };

export function createSeriesDetector(): StreamingDetector<SeriesVerdict> {
  const series = new EvidenceOfSeries();
  const orderOf = createTimeOrder();
  const isNewAlarm = createRefractory();
  let [learned, settling] = [0, 0];
  let suspiciousSince: number | null = null;

  function next(at: number, value: number): SeriesVerdict {
    // Also what is no number: every comparison with it is false.
    if (!(Math.abs(value) <= LARGEST)) return IGNORED;
    const order = orderOf(at);
    if (order === 'late') return IGNORED;
    settling = order === 'after a gap' ? SETTLE_VALUES : Math.max(0, settling - 1);

    const found = series.next(value);
    learned += 1;
    if (learned <= LEARN_VALUES) return LEARNING;
    const { evidence } = found;
    suspiciousSince = evidence < SUSPICIOUS ? null : (suspiciousSince ?? at);
    const isAnomalous = evidence >= BAR && settling === 0;
    const alarm = isNewAlarm(isAnomalous) ? alarmOf(found, series, learned, suspiciousSince ?? at) : null;
    const score = scoreOf(evidence, BAR);
    return {
      state: isAnomalous ? 'anomalous' : 'normal',
      score: alarm === null ? Math.min(score, PART_OF_ALARM) : score,
      evidence,
      alarm,
    };
  }
  return { next };
}

function alarmOf(
  { evidence, seen, season }: SeriesEvidence,
  series: EvidenceOfSeries,
  learned: number,
  since: number,
): SeriesAlarm {
  const expected = season?.expected ?? series.expected();
  const oneIn = rarityOfEvidence(evidence, learned);
  const where = season === null ? '' : ` at this point of a season of ${season.period} values`;
  const because =
    `expected about ${inShort(expected)}${where}, seen ${inShort(seen)}, ` +
    `at most 1 in ${oneIn} values was as unusual, since ${new Date(since).toISOString()}`;
  return { since, expected, seen, oneIn, because };
}

const inShort = (value: number): string => String(Number(value.toPrecision(3)));
