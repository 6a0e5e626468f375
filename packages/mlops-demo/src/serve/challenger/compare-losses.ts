/**
 * Compare losses: is the challenger as right as the champion, on flights whose delay is known?
 *
 * in:  LossComparison, AnalysisPolicy, which look this is → out: CheckResult, as the other checks of the analysis give it
 *
 * Rule: three answers from the paired difference of log loss and its standard error, as compare-shares.ts of devops-demo gives them.
 *   fail:         chance cannot explain the difference, and the difference seen is more than tolerated
 *   pass:         even the largest difference that the flights allow is less than tolerated: non-inferiority
 *   inconclusive: neither, or fewer than 500 flights; more landings will tell
 * That the challenger is better on a test period, the gate has shown before it came here (evaluation/compare-with-champion.ts).
 *
 * When it misleads: what holds for the hours of a trial need not hold for a week. With 20 blocks the normal quantile is a little too mild.
 *
 * Source: G. Piaggio and others, JAMA 308 (2012) on non-inferiority; 0.01 is three times the noise of a seed (0.0034, measured on
 * flights-3m) and a fifth of what a monthly rebuild gains at least (0.044).
 */
import { normalQuantile, passDeviations, stopLevel } from 'devops-demo/analysis';
import type { AnalysisPolicy, CheckResult } from 'devops-demo/analysis';
import type { LossComparison } from './paired-losses.js';

const TOLERATED_LOSS = 0.01;
const LEAST_PAIRS = 500;

export function compareLosses(losses: LossComparison, policy: AnalysisPolicy, look: number): CheckResult {
  const check = 'log-loss';
  const { pairs, champion, challenger, difference, standardError } = losses;
  const count = pairs.toLocaleString('en-US');
  if (pairs < LEAST_PAIRS) {
    const because = `${count} flights that both judged have landed, ${LEAST_PAIRS} are needed`;
    return { check, kind: 'inconclusive', because, numbers: { pairs } };
  }
  const worst = difference + passDeviations(policy, look) * standardError;
  const surelyWorse = difference - normalQuantile(1 - stopLevel(policy)) * standardError > 0;
  const kind =
    surelyWorse && difference > TOLERATED_LOSS ? 'fail' : worst < TOLERATED_LOSS ? 'pass' : 'inconclusive';
  const seen = `log loss ${challenger.toFixed(3)} on ${count} landed flights, the champion's ${champion.toFixed(3)}`;
  const bound = `at most ${worst.toFixed(3)} worse, ${TOLERATED_LOSS} is tolerated`;
  const because = kind === 'fail' ? `${seen}: worse, and not by chance` : `${seen}: ${bound}`;
  return { check, kind, because, numbers: { pairs, champion, challenger, difference, standardError, worst } };
}
