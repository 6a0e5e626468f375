/**
 * Token bucket: how much of something expensive may be asked for, on the whole and at once.
 *
 * in:  an amount and the time → out: 0 when it is granted, else the seconds after which it would be
 *
 * Rule: the bucket holds `burst` tokens and gets `perSecond` new ones; what is asked for takes its amount or, when there is not
 * enough, nothing.
 *
 * When it misleads: it is one bucket for all clients; a greedy one leaves the others none.
 *
 * Source: J. Turner, New directions in communications, IEEE Communications Magazine 24 (1986).
 *
 *   bucket of 20, 20 a second: take(20, 0 s) → 0; take(1, 0 s) → 0.05; take(1, 0.05 s) → 0
 */
export class TokenBucket {
  readonly #burst: number;
  readonly #perSecond: number;
  #tokens: number;
  #seenSeconds = 0;

  constructor({ burst, perSecond }: { burst: number; perSecond: number }) {
    this.#burst = burst;
    this.#perSecond = perSecond;
    this.#tokens = burst;
  }

  take(amount: number, seconds: number): number {
    const grown = Math.max(0, seconds - this.#seenSeconds) * this.#perSecond;
    this.#seenSeconds = Math.max(seconds, this.#seenSeconds);
    this.#tokens = Math.min(this.#burst, this.#tokens + grown);
    if (this.#tokens < amount) return (amount - this.#tokens) / this.#perSecond;
    this.#tokens -= amount;
    return 0;
  }
}
