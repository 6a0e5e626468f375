/**
 * Log records between two evaluations: a bounded queue.
 *
 * What is accepted is kept until the pipeline takes it; what has no room is refused whole, and the sender keeps it
 * (OTLP: 503 means try again later).
 */
import type { LogRecord } from './log-record.js';

/** Ten seconds of a busy demo's lines. */
const MOST_RECORDS = 50_000;
const MOST_CHARS = 32_000_000;

export interface LogQueue {
  /** False when there is no room for all of them. */
  offer(records: readonly LogRecord[]): boolean;
  /** Everything that waits; the queue is empty then. */
  take(): LogRecord[];
}

export function createLogQueue(): LogQueue {
  let waiting: LogRecord[] = [];
  let chars = 0;
  return {
    offer(records) {
      const more = records.reduce((sum, { body }) => sum + body.length, 0);
      if (waiting.length + records.length > MOST_RECORDS || chars + more > MOST_CHARS) return false;
      waiting = waiting.concat(records);
      chars += more;
      return true;
    },
    take() {
      const taken = waiting;
      waiting = [];
      chars = 0;
      return taken;
    },
  };
}
