/**
 * A learned timetable that no longer changes: part of a model, as its weights are.
 *
 * in:  delay sums and counts of (route, slot) over the 14 days before `asOf`
 * out: for a departure of any later day: how late flights of its slot were then, and how many there were
 *
 * Rule: the same slots, neighbours and "expected earlier" as in learned-timetable.ts, read from one fixed table.
 *
 * When it misleads: it ages. Airlines change their minutes, so a January table knows little of April; a network that was trained on fresh
 * tables trusts an old one too much. That is why training mixes tables of 0 to 27 days (timetable-choice.ts).
 *
 * Layout: routes in order, each with its filled slots (`ends` says where a route's slots end): 0.7 MB for all airports, where full
 * 144-slot rows would take 3 MB.
 */
import { EXPECTED_FROM_SLOT, EXPECTED_TO_SLOT, SLOT_MINUTES, TIMETABLE_DAYS } from './learned-timetable.js';
import type { SlotHistory } from './learned-timetable.js';

/** The table as columns: one entry a route, one entry a filled slot. */
export interface TimetableColumns {
  /** The first day that the table knows nothing of, counted from 1970. */
  asOf: number;
  /** Airport codes; routes index them. */
  codes: readonly string[];
  origins: Uint16Array;
  destinations: Uint16Array;
  /** Where the slots of each route end. */
  ends: Uint32Array;
  slots: Uint8Array;
  counts: Uint16Array;
  delaySums: Int32Array;
}

const NO_ROUTE: readonly [number, number] = [0, 0];

/** The timetable of all routes, as of one day. */
export class FrozenTimetable {
  readonly columns: TimetableColumns;
  readonly #routes = new Map<string, Map<string, number>>();

  constructor(columns: TimetableColumns) {
    this.columns = columns;
    const { codes, origins, destinations } = columns;
    for (const [route, origin] of origins.entries()) {
      const from = codes[origin]!;
      let routes = this.#routes.get(from);
      if (routes === undefined) this.#routes.set(from, (routes = new Map()));
      routes.set(codes[destinations[route]!]!, route);
    }
  }

  /** The first day that the table knows nothing of, counted from 1970. */
  get asOf(): number {
    return this.columns.asOf;
  }

  /** What the table says about a departure at this local minute of the day. */
  read(origin: string, destination: string, minuteOfDay: number): SlotHistory {
    const { slots, counts, delaySums } = this.columns;
    const slot = Math.floor(minuteOfDay / SLOT_MINUTES);
    let delaySum = 0;
    let count = 0;
    let earlier = 0;
    const [from, to] = this.#slotsOf(origin, destination);
    for (let at = from; at < to; at++) {
      const before = slot - slots[at]!;
      if (before >= EXPECTED_TO_SLOT && before <= EXPECTED_FROM_SLOT) earlier += counts[at]!;
      if (before < -1 || before > 1) continue;
      count += counts[at]!;
      delaySum += delaySums[at]!;
    }
    return { delaySum, count, expectedEarlier: earlier / TIMETABLE_DAYS };
  }

  #slotsOf(origin: string, destination: string): readonly [number, number] {
    const route = this.#routes.get(origin)?.get(destination);
    if (route === undefined) return NO_ROUTE;
    const { ends } = this.columns;
    return [route === 0 ? 0 : ends[route - 1]!, ends[route]!];
  }
}
