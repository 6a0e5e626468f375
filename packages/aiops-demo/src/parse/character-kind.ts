/**
 * Character kind: what a character does in a log line. Words are split and values found by it.
 *
 *   kindOf('7'.charCodeAt(0))  // DIGIT
 */
export const LETTER = 0;
export const DIGIT = 1;
/** Other characters that hold a part together: `-`, `_`, `/`, everything beyond ASCII. */
export const JOINER = 2;
export const PUNCTUATION = 3;
/** Blanks and control characters. */
export const BLANK = 4;

const SPACE_CODE = 32;
const DELETE_CODE = 127;
const FIRST_BEYOND_ASCII = 128;
/** Between the two lie control characters. */
const FIRST_PRINTABLE_BEYOND_ASCII = 160;

const KINDS = Uint8Array.from({ length: FIRST_BEYOND_ASCII }, (_, code) => {
  const character = String.fromCharCode(code);
  if (code <= SPACE_CODE || code === DELETE_CODE) return BLANK;
  if (/[a-z]/i.test(character)) return LETTER;
  if (/\d/.test(character)) return DIGIT;
  return /[=:,;()[\]{}"'|<>]/.test(character) ? PUNCTUATION : JOINER;
});

export function kindOf(code: number): number {
  if (code < FIRST_BEYOND_ASCII) return KINDS[code] ?? JOINER;
  return code < FIRST_PRINTABLE_BEYOND_ASCII ? BLANK : JOINER;
}
