/** A clock that never jumps, for measuring how long an answer takes. */
export function monotonicMs(): number {
  return performance.now();
}
