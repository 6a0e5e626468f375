/**
 * Drain: waits until nothing is on its way any more to what lost its traffic.
 *
 * in: whether all is idle, asked again and again → out: after the last answer, or when the longest request must be over
 *
 * Rule: as long as the service lets a request take, and a little more: what is stopped afterwards has answered all that it was given.
 * When it misleads: a stream that never ends is cut all the same.
 *
 *   await untilIdle(() => inFlight === 0, sleep) // after 31 s at the latest
 */
import { PATIENCE } from 'service-chassis';

/** As long as the service lets a request take. */
export const LONGEST_REQUEST_MS = PATIENCE.requestMs;
export const DRAIN_MS = LONGEST_REQUEST_MS + 1_000;
const POLL_MS = 20;

export async function untilIdle(
  isIdle: () => boolean | Promise<boolean>,
  pause: (ms: number) => Promise<unknown>,
): Promise<void> {
  for (let waited = 0; waited < DRAIN_MS && !(await isIdle()); waited += POLL_MS) await pause(POLL_MS);
}
