/**
 * Scenarios: what may be true of a release, and what an analysis should then say.
 *
 * Rule: a good release may be a little better or worse than the primary, within what the policy tolerates; a bad one is worse
 * than that. At the limit is where an analysis is wrong most
 * often: that is the error which the policy bounds. A cold start is good: it is over after some answers;
 * so is a process that the machine starves now and then. Without traffic nothing is known.
 */
export interface Scenario {
  readonly name: string;
  readonly truth: 'good' | 'bad' | 'unknown';
  /** Share of requests that fail besides those that fail anyway. */
  readonly addedFailures?: number;
  /** Factor on every latency. */
  readonly slowdown?: number;
  /** A further factor on the first answers of the process. */
  readonly cold?: { readonly slowdown: number; readonly answers: number };
  /** p99 doubles while the faster half stays as it is. */
  readonly doubledTail?: boolean;
  /** Share of requests that wait for twice the usual p99 besides. */
  readonly stalled?: number;
  /** Share of windows in which this process alone gets too little CPU and takes three times as long. */
  readonly starvedWindows?: number;
  readonly noTraffic?: boolean;
}

export const SCENARIOS: readonly Scenario[] = [
  { name: 'identical', truth: 'good' },
  { name: 'slightly better: 5 % faster', truth: 'good', slowdown: 0.95 },
  { name: 'slightly worse: 5 % slower', truth: 'good', slowdown: 1.05 },
  { name: 'slightly worse: errors +0.3 %', truth: 'good', addedFailures: 0.003 },
  { name: 'cold start: x1.6, 150 answers', truth: 'good', cold: { slowdown: 1.6, answers: 150 } },
  { name: 'starved, x3, 1 of 20 windows', truth: 'good', starvedWindows: 0.05 },
  { name: 'errors +3 %', truth: 'bad', addedFailures: 0.03 },
  { name: 'errors +10 %', truth: 'bad', addedFailures: 0.1 },
  { name: 'p99 x2: a longer tail', truth: 'bad', doubledTail: true },
  { name: 'p99 x2: 3 % stall', truth: 'bad', stalled: 0.03 },
  { name: 'all latencies +50 %', truth: 'bad', slowdown: 1.5 },
  { name: 'at the limit: errors +2 %', truth: 'bad', addedFailures: 0.02 },
  {
    name: 'cold start, then +50 %',
    truth: 'bad',
    slowdown: 1.5,
    cold: { slowdown: 1.6, answers: 150 },
  },
  { name: 'at the limit: 25 % slower', truth: 'bad', slowdown: 1.25 },
  { name: 'no traffic', truth: 'unknown', noTraffic: true },
];
