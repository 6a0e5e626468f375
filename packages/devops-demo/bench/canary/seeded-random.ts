/** Seeded chance for the simulation: mulberry32 (T. Ettinger, 2017, public domain), and a bell curve from it (Box-Muller, 1958). */
export interface Random {
  /** A number in [0, 1). */
  uniform(): number;
  /** A number with mean 0 and deviation 1. */
  normal(): number;
}

export function seedRandom(seed: number): Random {
  let state = seed >>> 0;
  function uniform(): number {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }
  return {
    uniform,
    normal: () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform()),
  };
}
