/**
 * The timetable of a route, learned from its last 14 days.
 *
 * in:  every landing of the route (local departure minute, delay)
 * out: for a departure at 08:15: how late flights of 08:00–08:29 were on the 14 days before, and how many there were
 *
 * Rule: a day is cut into 144 slots of ten minutes. A ring of 15 days (today and the 14 before) holds the sum of clipped delays
 * and the count for each slot. The slot of a departure is read with its two neighbours; "expected" is the daily count of
 * the slots 20 to 90 minutes earlier.
 *
 * Why it works: the data have no schedule. Airlines fly the same minutes every day, so a departure away from the route's usual
 * minutes is a late one.
 *
 * When it misleads: when timetables change (1 April 2001), until the new one has been learned.
 */

/** The width of a slot. */
export const SLOT_MINUTES = 10;
/** Slots of a day. */
export const SLOTS = 144;
/** How many days the timetable looks back. */
export const TIMETABLE_DAYS = 14;
/** Today and the 14 days before it. */
const RING_DAYS = TIMETABLE_DAYS + 1;
/** Slots that hold the departures of 20 to 90 minutes before. */
export const EXPECTED_FROM_SLOT = 9;
export const EXPECTED_TO_SLOT = 2;
const MAX_COUNT = 255;

/** What the last 14 days say about one slot of a route. */
export interface SlotHistory {
  delaySum: number;
  count: number;
  /** Departures a day in the slots 20 to 90 minutes earlier. */
  expectedEarlier: number;
}

/** A slot of a route without history. */
export const NO_HISTORY: SlotHistory = { delaySum: 0, count: 0, expectedEarlier: 0 };

/** The learned timetable of one route. Slots first, days second: a slot's neighbours lie beside it in memory. */
export class LearnedTimetable {
  readonly #delaySums = new Int16Array(SLOTS * RING_DAYS);
  readonly #counts = new Uint8Array(SLOTS * RING_DAYS);
  #newestDay: number | undefined;

  /** Takes in a landed flight: the local day and minute it had departed at, and its delay. */
  add(day: number, minuteOfDay: number, clippedDelay: number): void {
    this.#turnTo(day);
    const at = Math.floor(minuteOfDay / SLOT_MINUTES) * RING_DAYS + (day % RING_DAYS);
    const count = this.#counts[at] ?? 0;
    if (count === MAX_COUNT) return;
    this.#counts[at] = count + 1;
    this.#delaySums[at] = this.#delaySums[at]! + clippedDelay;
  }

  /** What the 14 days before `day` say about a departure at this minute. Reading changes nothing. */
  read(day: number, minuteOfDay: number): SlotHistory {
    if (this.#newestDay === undefined) return NO_HISTORY;
    const slot = Math.floor(minuteOfDay / SLOT_MINUTES);
    const from = Math.max(slot - EXPECTED_FROM_SLOT, 0);
    let delaySum = 0;
    let count = 0;
    let earlier = 0;
    const first = Math.max(day - TIMETABLE_DAYS, this.#newestDay - TIMETABLE_DAYS);
    const last = Math.min(day - 1, this.#newestDay);
    for (let pastDay = first; pastDay <= last; pastDay++) {
      const ring = pastDay % RING_DAYS;
      for (let s = from; s <= slot - EXPECTED_TO_SLOT; s++) earlier += this.#counts[s * RING_DAYS + ring]!;
      for (let s = Math.max(slot - 1, 0); s <= Math.min(slot + 1, SLOTS - 1); s++) {
        count += this.#counts[s * RING_DAYS + ring]!;
        delaySum += this.#delaySums[s * RING_DAYS + ring]!;
      }
    }
    return { delaySum, count, expectedEarlier: earlier / TIMETABLE_DAYS };
  }

  /** Makes room for `day` in the ring. A leap of weeks, in either direction, starts a new timetable. */
  #turnTo(day: number): void {
    const newest = this.#newestDay;
    if (newest === undefined || Math.abs(day - newest) >= RING_DAYS) {
      this.#delaySums.fill(0);
      this.#counts.fill(0);
      this.#newestDay = day;
      return;
    }
    for (let next = newest + 1; next <= day; next++) this.#clear(next % RING_DAYS);
    this.#newestDay = Math.max(newest, day);
  }

  #clear(ring: number): void {
    for (let at = ring; at < this.#counts.length; at += RING_DAYS) {
      this.#counts[at] = 0;
      this.#delaySums[at] = 0;
    }
  }
}
