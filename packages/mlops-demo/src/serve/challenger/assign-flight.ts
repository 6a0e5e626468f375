/**
 * Assign a flight: does the champion answer it, or the challenger?
 *
 * in:  a flight's id, the challenger's share → out: true when the challenger answers
 *
 * Rule: the id's hash is a number in [0, 1), and the challenger has those below its share. So a client's retry meets the same model, a
 * growing share only adds flights, and nothing has to be remembered.
 *
 * When it misleads: a share of the flights, not of each minute: in a short while it may be more or less.
 *
 * Source: G. Fowler, L. C. Noll and P. Vo, FNV-1a (1991), finished by MurmurHash3's fmix32 (A. Appleby, 2011), without which ids that differ
 * in their last letter lie close together.
 *
 *   isAnsweredByChallenger('ATL-SDF-20010201T0815', 0.1) // false: its number is 0.78
 */
export function isAnsweredByChallenger(flightId: string, share: number): boolean {
  return placeOf(flightId) < share;
}

/** Where an id lies in [0, 1). */
export function placeOf(flightId: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < flightId.length; at++) {
    hash = Math.imul(hash ^ flightId.charCodeAt(at), 0x01000193);
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32;
}
