/**
 * Recent values: the last N numbers of a series, without moving any.
 *
 * Where: the memory of the detectors of any single series (series-detector.ts): self-similarity.ts and season.ts look back in it.
 * in: one value after the other → out: any of the last N
 *
 * Rule: a ring, written twice (at i and at i + N), so that the last N values always lie in one piece:
 * the value `lag` steps ago is `values[end - lag]`.
 *
 *   const recent = new RecentValues(3);
 *   [1, 2, 3, 4].forEach((value) => recent.push(value));
 *   recent.ago(1); // 4
 */
export class RecentValues {
  readonly values: Float64Array;
  readonly capacity: number;
  /** One past the newest value. */
  end: number;
  length = 0;
  private next = 0;

  constructor(capacity: number) {
    this.capacity = capacity;
    this.values = new Float64Array(2 * capacity);
    this.end = capacity;
  }

  push(value: number): void {
    this.values[this.next] = value;
    this.values[this.next + this.capacity] = value;
    this.end = this.next + this.capacity + 1;
    this.next = (this.next + 1) % this.capacity;
    if (this.length < this.capacity) this.length += 1;
  }

  /** The value `lag` steps ago; 1 is the newest. */
  ago(lag: number): number {
    if (lag < 1 || lag > this.length)
      throw new Error(`ago: expected a lag of 1 to ${this.length}, got ${lag}`);
    return this.values[this.end - lag] ?? Number.NaN;
  }
}
