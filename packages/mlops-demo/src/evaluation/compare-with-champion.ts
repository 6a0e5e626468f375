/**
 * Compare with the champion: is the challenger better on the same flights, and by more than luck?
 *
 * in:  labels, the day (or another block of time) of each flight, the risks of both models
 * out: better, equal or worse, with a sentence; the gain in log loss with its interval, the changes of AUC and calibration error
 *
 * Rule: better means all of: log loss lower by at least .005 · the 95 % interval of that gain over days (block-interval.ts) above 0 · AUC not lower by more than
 * .003 · calibration error not higher by more than .01. Worse means that log loss has risen by more than luck, or one of the other two
 * has gone beyond its limit. Everything between is equal: then the champion stays, because changing has a cost.
 *
 * When it misleads: it says which of two models knew these days better, not whether either is good: that is the gate's other half.
 *
 * Source: limits measured on flights-3m: a monthly rebuild gains .044 to .20, two seeds of one model differ by up to .0034.
 *
 * Example: on the first half of June a model rebuilt in May gains .05 over that of January → better.
 */
import { auc } from './auc.js';
import { ece } from './calibration.js';
import { blockInterval } from './block-interval.js';
import { dayBlocks, sumByDay } from './day-bootstrap.js';
import type { Interval } from './day-bootstrap.js';
import { logLoss, surprise } from './log-loss.js';

/** Two models on the same flights. */
export interface PairedRisks {
  labels: Uint8Array;
  /** Of each flight any number that is the same for all of its day. */
  blocks: ArrayLike<number>;
  challenger: Float32Array;
  champion: Float32Array;
}

/** The verdict. Gains and changes are positive where the challenger has more. */
export interface ChampionComparison {
  state: 'better' | 'equal' | 'worse';
  because: string;
  logLoss: { champion: number; challenger: number };
  /** How much lower the challenger's log loss is. */
  logLossGain: number;
  /** Of the gain, 95 %, over blocks. */
  interval: Interval;
  aucChange: number;
  eceChange: number;
}

const LEAST_GAIN = 0.005;
const MOST_AUC_LOSS = 0.003;
const MOST_ECE_RISE = 0.01;
const LEAST_DAYS = 3;

export function compareWithChampion({
  labels,
  blocks: blockOf,
  challenger,
  champion,
}: PairedRisks): ChampionComparison {
  const rows = labels.length;
  if (blockOf.length !== rows || challenger.length !== rows || champion.length !== rows) {
    const got = [rows, blockOf.length, challenger.length, champion.length].join(', ');
    throw new RangeError(
      `compareWithChampion: expected as many labels, blocks and risks of both, got ${got}`,
    );
  }
  const blocks = dayBlocks(blockOf);
  const gains = sumByDay(
    blocks,
    (row) => surprise(champion[row]!, labels[row]!) - surprise(challenger[row]!, labels[row]!),
  );
  const counts = sumByDay(blocks, () => 1);
  const found = {
    logLoss: { champion: logLoss(champion, labels), challenger: logLoss(challenger, labels) },
    logLossGain: gains.reduce((sum, gain) => sum + gain, 0) / rows,
    interval: blockInterval(gains, counts),
    aucChange: auc(challenger, labels) - auc(champion, labels),
    eceChange: ece(challenger, labels) - ece(champion, labels),
  };
  return { ...verdict(found, blocks.count), ...found };
}

type Found = Omit<ChampionComparison, 'state' | 'because'>;

/** Every condition is written so that NaN does not pass. */
function verdict(
  { logLossGain, interval, aucChange, eceChange }: Found,
  count: number,
): Pick<ChampionComparison, 'state' | 'because'> {
  const [low, high] = interval;
  const days = `${count} days`;
  const range = Number.isFinite(low) ? `${signed(low)} to ${signed(high)}` : 'no interval';
  const gain = `log loss ${logLossGain >= 0 ? 'lower' : 'higher'} by ${Math.abs(logLossGain).toFixed(4)} (95 % by t over ${days}: ${range})`;
  const worse = [
    ...(high >= 0 ? [] : [`${gain}: worse than the champion`]),
    ...(aucChange >= -MOST_AUC_LOSS ? [] : [`AUC changes by ${signed(aucChange)}`]),
    ...(eceChange <= MOST_ECE_RISE ? [] : [`calibration error changes by ${signed(eceChange)}`]),
  ];
  if (worse.length > 0) return { state: 'worse', because: worse.join('; ') };
  if (!(logLossGain >= LEAST_GAIN)) {
    return { state: 'equal', because: `${gain}: ${LEAST_GAIN} is asked for, less may be the seed` };
  }
  if (!(low > 0)) return { state: 'equal', because: `${gain}: other days might have said the opposite` };
  if (count < LEAST_DAYS) {
    return { state: 'equal', because: `${gain}, but ${days} are too few: ${LEAST_DAYS} are asked for` };
  }
  return { state: 'better', because: gain };
}

function signed(value: number): string {
  return `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(4)}`;
}
