/**
 * Dice that fall the same way in every run: numbers from 0 to 1.
 *
 * Source: mulberry32, Tommy Ettinger 2017, public domain. Good enough to draw samples, not for secrets.
 *
 *   const random = seededRandom(1);
 *   random(); // 0.627…
 */
export function seededRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}
