/**
 * Waiting flights: what is remembered of a flight from its departure until it lands.
 *
 *   add('ATL-SDF-20010201T0815', 0.34) → …hours… → take('ATL-SDF-20010201T0815') // 0.34, and forgotten
 *
 * Rule: the first word about a flight counts, as a client may ask again. Most flights land; those that never do are forgotten when
 * 20,000 others have come after them.
 */

/** Flights in the air at one time are about 1,500. */
export const MOST_WAITING = 20_000;

export class WaitingFlights<Told> {
  readonly #told = new Map<string, Told>();

  get size(): number {
    return this.#told.size;
  }

  has(flightId: string): boolean {
    return this.#told.has(flightId);
  }

  /** False when it waits already. */
  add(flightId: string, told: Told): boolean {
    if (this.#told.has(flightId)) return false;
    this.#told.set(flightId, told);
    const [oldest] = this.#told.size > MOST_WAITING ? this.#told.keys() : [];
    if (oldest !== undefined) this.#told.delete(oldest);
    return true;
  }

  /** It has landed. */
  take(flightId: string): Told | undefined {
    const told = this.#told.get(flightId);
    this.#told.delete(flightId);
    return told;
  }

  /** Oldest first. */
  entries(): [string, Told][] {
    return [...this.#told.entries()];
  }
}
