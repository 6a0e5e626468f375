/**
 * Still cold: why speed cannot be compared yet.
 *
 * in: CanaryWindow → out: a sentence, or undefined when both versions are warm or nobody knows
 *
 * Rule: no traffic is said before cold, for it is the cause. See warm-up.ts for when a process is warm.
 *
 *   stillCold({ warmUp: { from: null, answers: 62, leastAnswers: 200, leastSeconds: 10 }, … })
 *   // 'warming up: 62 of 200 answers, and 10 s of age; speed is compared after that'
 */
import type { CanaryWindow } from './measurements.js';
import { nothingToCompare } from './no-traffic.js';

export function stillCold({ warmUp, canary, primary }: CanaryWindow): string | undefined {
  if (warmUp === undefined || warmUp.from !== null) return undefined;
  const { answers, leastAnswers, leastSeconds } = warmUp;
  const wait = `warming up: ${answers} of ${leastAnswers} answers, and ${leastSeconds} s of age; speed is compared after that`;
  return nothingToCompare(canary.requests, primary.requests) ?? wait;
}
