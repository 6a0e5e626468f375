/**
 * Feedback: what the next change should know.
 *
 * in: Verified, Observed → out: FedBack
 *
 * Rule: an observation leads to a decision in words: keep this version, or mend what was missed before shipping more.
 * When it misleads: nobody acts on it yet; it is a sentence, not a rollback.
 * Source: G. Kim and others, The DevOps Handbook (2016), the second way: feedback.
 */
import type { Observed } from './observe.js';
import type { Stage } from './stage.js';
import type { Verified } from './verify.js';

export type FedBack = Stage;

export function feedBack(verified: Verified, observed: Observed): FedBack {
  if (verified.state === 'failed') return { state: 'failed', because: 'build again: the bundle was refused' };
  if (observed.state === 'passed') {
    return { state: 'passed', because: 'keep this version: its objectives are kept' };
  }
  if (observed.state === 'failed') {
    const missed = observed.missed.join(' and ');
    return { state: 'failed', because: `mend first: the objective for ${missed} is missed` };
  }
  return { state: 'waiting', because: 'nothing observed yet' };
}
