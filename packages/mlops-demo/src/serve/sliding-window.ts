/**
 * Sliding window: the last N entries, the oldest giving way to the newest.
 *
 * in:  capacity 3; push 1, push 2, push 3, push 4 (which returns 1)
 * out: values() → [2, 3, 4] in some order
 */
export class SlidingWindow {
  readonly #entries: Float32Array;
  #pushed = 0;

  constructor(capacity: number) {
    this.#entries = new Float32Array(capacity);
  }

  /** Puts an entry in, and returns the one that had to leave. */
  push(entry: number): number | undefined {
    const at = this.#pushed++ % this.#entries.length;
    const leaving = this.#pushed > this.#entries.length ? this.#entries[at] : undefined;
    this.#entries[at] = entry;
    return leaving;
  }

  get size(): number {
    return Math.min(this.#pushed, this.#entries.length);
  }

  /** The entries, each at the place where it was put. */
  values(): Float32Array {
    return this.#entries.subarray(0, this.size);
  }
}
