/**
 * Player: sends each event when its time has come, at a bounded rate and with bounded overlap.
 *
 * in: ReplayEvent in time order → out: deliveries, in the same order for one flight
 *
 * Rule: late is fine, lost is not. While the board is away the player waits; afterwards it catches up no faster than its pace.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Board, Delivery } from './board.js';
import type { AcceleratedClock } from './clock.js';
import type { Pace } from './pace.js';
import { keyOf } from './schedule.js';
import type { ReplayEvent } from './schedule.js';
import type { Watermark } from './watermark.js';

export interface Player {
  /** Resolves when the last event is delivered, or when the signal says stop and what was under way has ended. */
  play(events: AsyncIterable<ReplayEvent>): Promise<'finished' | 'stopped'>;
  /** How late the latest event was sent, in real milliseconds. */
  behindMs(): number;
}

export interface PlayerOptions {
  readonly board: Board;
  readonly clock: AcceleratedClock;
  readonly pace: Pace;
  readonly watermark: Watermark;
  readonly signal: AbortSignal;
  readonly now: () => number;
  readonly onDelivery: (event: ReplayEvent, delivery: Delivery) => void;
  /** Deliveries under way at once. */
  readonly overlap?: number;
}

export function createPlayer(options: PlayerOptions): Player {
  const { board, clock, pace, watermark, signal, now, overlap = 16 } = options;
  const underWay = new Set<Promise<void>>();
  const departing = new Map<string, Promise<void>>();
  let behindMs = 0;

  async function deliver(event: ReplayEvent): Promise<void> {
    const step = watermark.begin(keyOf(event));
    if (event.kind === 'outcome') await departing.get(event.flight.flightId);
    const delivery = await board.deliver(event);
    options.onDelivery(event, delivery);
    if (delivery.kind !== 'given-up') step.done();
  }

  function begin(event: ReplayEvent): void {
    const id = event.flight.flightId;
    const delivering = deliver(event).finally(() => {
      underWay.delete(delivering);
      if (departing.get(id) === delivering) departing.delete(id);
    });
    underWay.add(delivering);
    if (event.kind === 'departure') departing.set(id, delivering);
  }

  async function untilItIsTime(event: ReplayEvent): Promise<void> {
    const early = clock.untilMs(event.at, now());
    behindMs = Math.max(0, -early);
    if (early > 0) await pause(early, signal);
    for (let wait = pace.waitMs(now()); wait > 0 && !signal.aborted; wait = pace.waitMs(now())) {
      await pause(wait, signal);
    }
    while (underWay.size >= overlap) await Promise.race(underWay);
  }

  return {
    behindMs: () => behindMs,
    async play(events) {
      for await (const event of events) {
        await untilItIsTime(event);
        if (signal.aborted) break;
        begin(event);
      }
      await Promise.all(underWay);
      return signal.aborted ? 'stopped' : 'finished';
    },
  };
}

async function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  await sleep(milliseconds, undefined, { signal }).catch(() => undefined);
}
