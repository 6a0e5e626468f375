/** What the server's process does: read for the analysis of a trial, in which both models share it. */
import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { ProcessReading } from './challenger/model-window.js';

const NANOSECONDS = 1e9;
/** Often enough for a mean, seldom enough to cost nothing. Node counts the pause itself in. */
const PAUSE_MS = 20;
const delay = monitorEventLoopDelay({ resolution: PAUSE_MS });
delay.enable();

/** Mean lag of the event loop since the process began, and the memory it holds now. */
export function readProcess(): ProcessReading {
  const lagSeconds = delay.mean / NANOSECONDS - PAUSE_MS / 1_000;
  return { eventLoopLagSeconds: Math.max(0, lagSeconds || 0), residentBytes: process.memoryUsage.rss() };
}
