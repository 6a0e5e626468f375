/**
 * Refusal pace: a server that refuses as fast as it is asked does nothing else.
 *
 * in:  refusals, as they come → out: the same, in order, at most so many a second
 *
 * Rule: a refusal costs nearly as much as an answer in a batch (reading a request and writing a response is most of both). A few are given at once;
 * the rest wait for their turn, and a client that would have asked again at once asks that much later. Who has gone meanwhile is
 * passed over.
 *
 * When it misleads: with thousands of impatient clients a refusal comes after seconds. They hold a connection each, and no more.
 *
 * Source: tarpitting, as T. Liston's LaBrea (2001) does to scanners; here the delay is as long as the queue of refusals.
 */
import { TokenBucket } from './token-bucket.js';

export interface Refusal {
  isGone: () => boolean;
  give: () => void;
}

export interface RefusalPaceOptions {
  /** Milliseconds on a clock that never jumps. */
  now: () => number;
  /** Does something after so many milliseconds. */
  later: (ms: number, work: () => void) => void;
}

/** Below a tenth of what one core can refuse. */
export const REFUSALS = { burst: 50, perSecond: 300 };
const LOOK_MS = 20;

export class RefusalPace {
  readonly #options: RefusalPaceOptions;
  readonly #bucket = new TokenBucket(REFUSALS);
  readonly #held: Refusal[] = [];

  constructor(options: RefusalPaceOptions) {
    this.#options = options;
  }

  get held(): number {
    return this.#held.length;
  }

  refuse(refusal: Refusal): void {
    const isFirst = this.#held.push(refusal) === 1;
    if (!isFirst) return;
    this.#giveDue();
    this.#lookLater();
  }

  #giveDue(): void {
    const seconds = this.#options.now() / 1_000;
    let given = 0;
    for (const refusal of this.#held) {
      if (!refusal.isGone()) {
        if (this.#bucket.take(1, seconds) > 0) break;
        refusal.give();
      }
      given += 1;
    }
    this.#held.splice(0, given);
  }

  #lookLater(): void {
    if (this.#held.length === 0) return;
    this.#options.later(LOOK_MS, () => {
      this.#giveDue();
      this.#lookLater();
    });
  }
}
