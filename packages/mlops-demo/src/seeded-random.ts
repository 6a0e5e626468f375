/**
 * Seeded chance: the same seed gives the same numbers, on every machine.
 *
 * in:  seedRandom(1)
 * out: a function that answers 0.6270739405881613, 0.002735721180215478, …
 *
 * Rule: mulberry32, a 32-bit counter and three mixing steps. Good enough to shuffle and sample.
 *
 * When it misleads: never use it for secrets, and not for more than 2³² numbers.
 *
 * Source: T. Ettinger, "Mulberry32" (public domain), 2017.
 */

/** Answers a number in [0, 1). */
export type Random = () => number;

/** A stream of chance that a seed determines. */
export function seedRandom(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Brings the entries into a random order, in place (Fisher–Yates). */
export function shuffle(entries: Uint32Array, random: Random): void {
  for (let last = entries.length - 1; last > 0; last--) {
    const other = Math.floor(random() * (last + 1));
    const held = entries[last]!;
    entries[last] = entries[other]!;
    entries[other] = held;
  }
}
