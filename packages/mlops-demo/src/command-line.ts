/**
 * Command line: what all commands of `mlops` share: options are read, and what is not understood is said with the way to say it right.
 *
 * in:  ['--seed', 'x'] → out: UsageError "--seed: expected a whole number of at least 0, got 'x'"
 *
 * Rule: whatever is not understood is a UsageError; `mlops` then says it, and where the command's help is, and ends with 2. Nothing is read or written before all words are understood.
 */
import { parseArgs } from 'node:util';
import type { ParseArgsConfig } from 'node:util';
import { dateOf, dayNumber } from './flights.js';

/** The command line is not understood. */
export class UsageError extends Error {
  override name = 'UsageError';
}

const HELP = { help: { type: 'boolean', short: 'h' } } as const;
export const TEXT = { type: 'string' } as const;
export const FLAG = { type: 'boolean' } as const;

type Options = NonNullable<ParseArgsConfig['options']>;
type Parsed<Known extends Options> = ReturnType<
  typeof parseArgs<{ args: string[]; allowPositionals: true; options: Known & typeof HELP }>
>;

/** Words and options, as `parseArgs` gives them. @throws UsageError */
export function readArguments<const Known extends Options>(
  args: readonly string[],
  options: Known,
): Parsed<Known> {
  try {
    return parseArgs({ args: [...args], allowPositionals: true, options: { ...options, ...HELP } });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const known = Object.keys(options).map((name) => `--${name}`);
    const isUnknown = reason.startsWith('Unknown option');
    throw new UsageError(
      isUnknown ? `${reason.split('. ')[0]}: expected one of ${known.join(', ')}` : reason,
    );
  }
}

/** @throws UsageError */
export function wholeNumber(option: string, text: string, least: number): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && Number.isSafeInteger(value) && value >= least) return value;
  throw new UsageError(`${option}: expected a whole number of at least ${least}, got '${text}'`);
}

/** A day as it was written. @throws UsageError */
export function day(option: string, text: string): string {
  if (isDay(text)) return text;
  throw new UsageError(`${option}: expected a day like 2001-01-31, got '${text}'`);
}

function isDay(text: string): boolean {
  try {
    return dateOf(dayNumber(text)) === text;
  } catch {
    return false;
  }
}

/** @throws UsageError */
export function oneOf<const Choice extends string>(
  what: string,
  text: string | undefined,
  choices: readonly Choice[],
): Choice {
  const chosen = choices.find((choice) => choice === text);
  if (chosen !== undefined) return chosen;
  const got = text === undefined ? 'nothing' : `'${text}'`;
  throw new UsageError(
    `${what}: expected ${choices.slice(0, -1).join(', ')} or ${choices.at(-1)}, got ${got}`,
  );
}

/** Without the entries that are undefined. */
export function given<T extends object>(entries: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(entries).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
}
