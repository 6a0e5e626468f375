/** The server's clock and its pauses: the only place of the server that knows what time it is. */
import { setImmediate as turn, setTimeout as sleep } from 'node:timers/promises';

/** Milliseconds on a clock that never jumps. */
export function monotonicMs(): number {
  return performance.now();
}

/** Now, as ISO 8601 in UTC. */
export function isoNow(): string {
  return new Date().toISOString();
}

/** Waits, or stops waiting when the signal says so. */
export async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal }).catch(() => undefined);
}

/** Lets requests that wait have their turn. */
export async function breathe(): Promise<void> {
  await turn();
}

/** Does something every so often; returns how to stop it. */
export function every(ms: number, work: () => void): () => void {
  const timer = setInterval(work, ms);
  return () => clearInterval(timer);
}

/** Does something after so many milliseconds; 0 is the next turn of the event loop. */
export function later(ms: number, work: () => void): void {
  if (ms > 0) setTimeout(work, ms);
  else setImmediate(work);
}
