/** Lines per second of processor time, and memory: on lines of the kit with new numbers, and on made-up statements. */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

interface Learner {
  learn(line: string): unknown;
}

/** Lehmer's generator (Park and Miller, CACM 1988): the same lines in every run. */
const LEHMER_FACTOR = 48_271;
const LEHMER_MODULUS = 2_147_483_647;
const BLOCK_LINES = 20_000;
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

/** Making the lines is not counted. */
export function linesPerSecond(
  learner: Learner,
  count: number,
  makeLines: (count: number) => string[],
): number {
  let microseconds = 0;
  for (let done = 0; done < count; done += BLOCK_LINES) {
    const lines = makeLines(Math.min(BLOCK_LINES, count - done));
    const before = process.cpuUsage();
    for (const line of lines) learner.learn(line);
    const { user, system } = process.cpuUsage(before);
    microseconds += user + system;
  }
  return (count / microseconds) * 1e6;
}

/** Memory in use after a full collection. */
export function heapMegabytes(): number {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
  return process.memoryUsage().heapUsed / 2 ** 20;
}
