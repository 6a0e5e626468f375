/**
 * Sliding-window sums over a stream: "how many, and how much in total, in the last W minutes before t?"
 *
 * in:  add(600, 12), add(610, 30), add(640, 5)
 * out: before(640, 60) → { sum: 42, count: 2 }   (the minute of asking itself does not count)
 *
 * Rule: keep prefix sums S(i) = v₀ + … + vᵢ₋₁ ordered by minute; a window is the difference of two of them, found by
 * binary search. Adding is O(1) for events in order, asking O(log n), and asking changes nothing: a strange question
 * (a flight of next year) cannot push real events out of the window.
 *
 * When it misleads: events older than the retention may be gone; a window longer than that reads too little.
 */

/** What a window holds. */
export interface WindowSum {
  sum: number;
  count: number;
}

/** Entries stay this much longer than the window, for questions that lag behind the newest event. */
const SLACK_MINUTES = 120;
/** At most this many old entries leave per entry that comes: the memory stays bounded, one wrong date cannot empty it. */
const FORGET_PER_ADD = 2;

/** The events of one key (an airport, a route, the whole system). */
export class WindowSums {
  readonly #retentionMinutes: number;
  #minutes = new Int32Array(8);
  #sumsBefore = new Float64Array(9);
  #start = 0;
  #end = 0;

  constructor(retentionMinutes: number) {
    this.#retentionMinutes = retentionMinutes;
  }

  /** Takes an event in. Late events find their place. */
  add(minute: number, value: number): void {
    this.#forget(minute);
    this.#makeRoom();
    let at = this.#end++;
    while (at > this.#start && this.#minutes[at - 1]! > minute) {
      this.#minutes[at] = this.#minutes[at - 1]!;
      this.#sumsBefore[at + 1] = this.#sumsBefore[at]! + value;
      at--;
    }
    this.#minutes[at] = minute;
    this.#sumsBefore[at + 1] = this.#sumsBefore[at]! + value;
  }

  /** Sum and count of the events in [minute − windowMinutes, minute). */
  before(minute: number, windowMinutes: number): WindowSum {
    const from = this.#firstAtOrAfter(minute - windowMinutes);
    const to = this.#firstAtOrAfter(minute);
    return { sum: this.#sumsBefore[to]! - this.#sumsBefore[from]!, count: to - from };
  }

  /** Index of the first entry at or after a minute. */
  #firstAtOrAfter(minute: number): number {
    let low = this.#start;
    let high = this.#end;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#minutes[middle]! < minute) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #forget(minute: number): void {
    const oldest = minute - this.#retentionMinutes - SLACK_MINUTES;
    for (let i = 0; i < FORGET_PER_ADD && this.#start < this.#end; i++) {
      if (this.#minutes[this.#start]! >= oldest) return;
      this.#start++;
    }
  }

  /** Moves the entries to the front, or into arrays twice as large, when the end is reached. */
  #makeRoom(): void {
    const size = this.#minutes.length;
    if (this.#end < size) return;
    const live = this.#end - this.#start;
    if (live * 2 > size) {
      this.#minutes = grown(this.#minutes, new Int32Array(size * 2));
      this.#sumsBefore = grown(this.#sumsBefore, new Float64Array(size * 2 + 1));
    }
    this.#minutes.copyWithin(0, this.#start, this.#end);
    this.#sumsBefore.copyWithin(0, this.#start, this.#end + 1);
    this.#start = 0;
    this.#end = live;
  }
}

function grown<T extends Int32Array | Float64Array>(from: T, to: T): T {
  to.set(from);
  return to;
}
