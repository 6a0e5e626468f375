/**
 * Step history: samples as they come become values in equal steps, as a forecast needs them.
 *
 * Rule: a step is the mean of its samples. A short gap is filled with the last value; after a long one the history begins anew,
 * because what comes back is another process.
 *
 *   // steps of 10 s; samples 1 at 0 s, 3 at 2 s, 9 at 10 s → one whole step: [2]
 */
export interface StepHistory {
  /** Whole steps, oldest first. */
  values: number[];
  /** Number of the step that is being filled, counted from 1970. */
  current: number;
  sum: number;
  count: number;
}

export interface Steps {
  readonly stepMs: number;
  readonly mostSteps: number;
}

const LONGEST_GAP_STEPS = 3;

export function createStepHistory(): StepHistory {
  return { values: [], current: -Infinity, sum: 0, count: 0 };
}

/** Adds a sample; true when a step became whole. */
export function addSample(
  history: StepHistory,
  at: number,
  value: number,
  { stepMs, mostSteps }: Steps,
): boolean {
  const step = Math.floor(at / stepMs);
  if (step < history.current) return false;
  const isWhole = step > history.current && history.count > 0;
  if (isWhole) close(history, step, mostSteps);
  history.current = step;
  history.sum += value;
  history.count += 1;
  return isWhole;
}

function close(history: StepHistory, next: number, mostSteps: number): void {
  const mean = history.sum / history.count;
  const missing = next - history.current - 1;
  if (missing > LONGEST_GAP_STEPS) history.values = [];
  else history.values = [...history.values, mean, ...Array<number>(missing).fill(mean)].slice(-mostSteps);
  history.sum = 0;
  history.count = 0;
}
