/**
 * Refusals: under a flood one log line a second says how many were turned away, not a line for each.
 *
 * in:  each refusal → out: "429 for 1,932 questions in the last second: 256 waited for their answer"
 */

export interface RefusalsOptions {
  say: (sentence: string) => void;
  /** Does something after so many milliseconds. */
  later: (ms: number, work: () => void) => void;
}

const A_SECOND_MS = 1_000;

/** Returns what is to be called for each refusal, with the number of those who wait. */
export function countRefusals({ say, later }: RefusalsOptions): (waiting: number) => void {
  let refused = 0;
  return (waiting) => {
    refused += 1;
    if (refused > 1) return;
    later(A_SECOND_MS, () => {
      const many = refused.toLocaleString('en-US');
      refused = 0;
      say(`429 for ${many} questions in the last second: ${waiting} waited for their answer`);
    });
  };
}
