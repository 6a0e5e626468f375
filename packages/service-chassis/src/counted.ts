/**
 * Counted: how many of a thing, in words.
 *
 * in: a count, the thing in the singular → out: text
 *
 * Rule: everything but one takes an s; for nouns that end otherwise this is not made.
 *
 *   counted(1, 'signal') // '1 signal'
 *   counted(0, 'signal') // '0 signals'
 */
export function counted(count: number, thing: string): string {
  return `${count} ${thing}${count === 1 ? '' : 's'}`;
}
