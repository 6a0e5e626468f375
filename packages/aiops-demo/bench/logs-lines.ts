/** Lines to measure speed with: those of the kit with new numbers, and made-up statements. */

export const SEED = 2017;
/** Lehmer's generator (Park and Miller, CACM 1988): the same lines in every run. */
const LEHMER_FACTOR = 48_271;
const LEHMER_MODULUS = 2_147_483_647;
const WORDS_A_STATEMENT = 8;
const VOCABULARY = 5_000;
/** Base 26 uses the digits and a to p; q to z stand for the digits. */
const LETTER_Q = 113;

export function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * LEHMER_FACTOR) % LEHMER_MODULUS;
    return state / LEHMER_MODULUS;
  };
}

/** The lines over and over, each time with other digits; in one piece of memory, as when they are read from somewhere. */
export function freshLines(lines: readonly string[], count: number, random: () => number): string[] {
  return Array.from({ length: count }, (_, i) => {
    const line = (lines[i % lines.length] ?? '').replace(/\d/g, () => String(Math.floor(random() * 10)));
    return Buffer.from(line).toString();
  });
}

/** Statements of random words, each with a number; no two alike. */
export function madeUpStatements(count: number, random: () => number): string[] {
  // Letters only: a word with a digit would be a value.
  const word = () => {
    const number = Math.floor(random() * VOCABULARY);
    return `w${number.toString(26).replace(/\d/g, (digit) => String.fromCharCode(LETTER_Q + Number(digit)))}`;
  };
  return Array.from({ length: count }, () =>
    Array.from({ length: WORDS_A_STATEMENT }, word).concat('took 17 ms').join(' '),
  );
}
