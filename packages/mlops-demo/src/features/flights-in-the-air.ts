/**
 * The flights in the air, by the minute from which their delay will be known.
 *
 * in:  add(650, 7), add(620, 8), add(650, 9) → out: landedBefore(651) yields 8, 7, 9
 *
 * Rule: one list for each minute to come. Flights of one minute land in the order in which they left. So memory holds the flights of a few
 * hours, however many have landed.
 *
 * When it misleads: a landing earlier than what has been asked for already would never be yielded; it is refused.
 */
export class FlightsInTheAir {
  readonly #byMinute = new Map<number, number[]>();
  #from: number;

  /** @param from no flight lands before this minute */
  constructor(from: number) {
    this.#from = from;
  }

  add(landedMinute: number, position: number): void {
    if (landedMinute < this.#from)
      throw new RangeError(
        `FlightsInTheAir: expected a landing from ${this.#from} on, got one at ${landedMinute}`,
      );
    const landings = this.#byMinute.get(landedMinute);
    if (landings === undefined) this.#byMinute.set(landedMinute, [position]);
    else landings.push(position);
  }

  /** Positions of the flights that have landed before this minute; each is yielded once. */
  *landedBefore(minute: number): Generator<number> {
    for (; this.#from < minute; this.#from++) {
      const landings = this.#byMinute.get(this.#from);
      if (landings === undefined) continue;
      this.#byMinute.delete(this.#from);
      yield* landings;
    }
  }
}
