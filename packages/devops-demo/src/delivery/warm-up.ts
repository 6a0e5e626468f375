/**
 * Warm-up: from when on may the speed of both versions be compared?
 *
 * in: readings of the canary's and of the primary's `/metrics` in one window → out: WarmUp
 *
 * Rule: a process is cold until it has answered so many requests and has lived so many seconds, whichever is later: code is compiled
 * and connections are opened by requests, and under heavy traffic the requests alone would come faster than a compiler works. Both are
 * read from the process itself (its own counter, its own start time), so a process that was started again is cold again, whoever
 * started it, and a controller that resumes needs to remember nothing. Speed counts from the instant on since which both are warm.
 * What is a defect at any temperature (deaths, failures, new errors) is judged all the while: see analyze.ts.
 * When it misleads: a route that is asked for the first time later is cold then. What fills for an hour is not warm after a minute.
 * Source: `initialDelay` of an Argo Rollouts metric, https://argo-rollouts.readthedocs.io/en/stable/features/analysis/ (read 2026-11),
 * which knows time only. How long a start is slow here: `npm run bench:cold-start -w devops-demo`.
 *
 *   warmUpOf([at 100 s: 40 answers, at 110 s: 210, at 120 s: 300], aWarmPrimary)
 *   // { from: 110, answers: 300, … }: what was answered from 110 s on counts
 */
import type { WarmUp } from './analysis/measurements.js';
import type { Reading } from './measure.js';
import { trafficOf } from './traffic.js';

export interface WarmUpPolicy {
  /** Answers of the process, whoever asked. */
  readonly leastAnswers: number;
  /** Age of the process. */
  readonly leastSeconds: number;
}

/**
 * After 200 answers two of three starts in `npm run bench:cold-start -w devops-demo` (README) are about as fast as the old version beside them, on a
 * machine whose noise is as large as the difference; the third is slower by a third still. The number is chosen between them and what a
 * canary with few requests has to wait for. Ten seconds are chosen too: longer than a start, shorter than a window.
 */
export const WARM_UP: WarmUpPolicy = { leastAnswers: 200, leastSeconds: 10 };

const STARTED = 'process_start_time_seconds';

/** How warm one process was when it was read. */
interface Warmth {
  readonly at: number;
  readonly answers: number;
  /** Infinity when it does not say when it was started. */
  readonly age: number;
}

export function warmUpOf(
  canary: readonly Reading[],
  primary: readonly Reading[],
  policy: WarmUpPolicy = WARM_UP,
): WarmUp {
  const both = [canary, primary].map((readings) => readings.map(warmthOf));
  const since = both.map((readings) => warmSince(readings, policy));
  const from = Math.max(...since);
  const coldest = both[since[1] === Infinity && since[0] !== Infinity ? 1 : 0]?.at(-1);
  return { from: from === Infinity ? null : from, answers: coldest?.answers ?? 0, ...policy };
}

/** The instant of the reading from which on every one is of a warm process; Infinity when the last one is not, or there is none. */
function warmSince(readings: readonly Warmth[], { leastAnswers, leastSeconds }: WarmUpPolicy): number {
  const lastCold = readings.findLastIndex(({ answers, age }) => answers < leastAnswers || age < leastSeconds);
  return readings[lastCold + 1]?.at ?? Infinity;
}

function warmthOf({ seconds, values }: Reading): Warmth {
  const started = values.find(({ metricName }) => metricName === STARTED)?.value;
  return {
    at: seconds,
    answers: trafficOf(values).requests,
    age: started === undefined ? Infinity : seconds - started,
  };
}
