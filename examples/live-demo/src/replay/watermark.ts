/**
 * Watermark: up to where everything has been delivered, though deliveries overlap and end out of order.
 *
 * Rule: the watermark moves over an event when that event and all before it are delivered. A replay that was killed starts
 * again behind it: what was delivered beyond the watermark is sent twice (the board's writes are idempotent), nothing is left out.
 *
 *   begin(a) begin(b) done(b) → still before a;  done(a) → at b
 */
import type { EventKey } from './schedule.js';

export interface Watermark {
  begin(event: EventKey): { done(): void };
  position(): EventKey | undefined;
  pending(): number;
}

export function createWatermark(start?: EventKey): Watermark {
  const open: { event: EventKey; delivered: boolean }[] = [];
  let position = start;
  return {
    begin(event) {
      const entry = { event, delivered: false };
      open.push(entry);
      return {
        done() {
          entry.delivered = true;
          while (open[0]?.delivered === true) position = open.shift()?.event;
        },
      };
    },
    position: () => position,
    pending: () => open.filter((entry) => !entry.delivered).length,
  };
}
