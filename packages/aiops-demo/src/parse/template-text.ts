/**
 * Template text: how a statement is shown, with `<*>` for what changes from line to line and the words for what does not.
 *
 * in: a line and its scan → out: a pattern for each of its values, and the text they stand in
 *
 * Rule: in a value, pieces of digits are `<*>`; a piece of letters and digits (`eth0`) is shown until it is seen to
 * change. Whole paths, literals, internet names and names of well-known users are `<*>`. What two texts do not share becomes `<*>`.
 * When it misleads: a statement seen once shows `eth0` as if it were fixed.
 * Source: what counts as variable, and that `1.2.3` is one value and `1:2` two: Khan et al., ICSE 2022.
 *
 *   showValue('2017-07-03')                                   // '<*>-<*>-<*>'
 *   widenWords(['port', '80'], ['port', '443'])               // ['port', '<*>']
 *   widenWords(['user=root', 'ok'], ['user=alice', 'ok'])     // ['user=<*>', 'ok']
 */
import { GROUPED_ADDRESS, INTERNET_NAME, LITERAL, PATH, VALUE, afterPath } from './skeleton.js';

const BETWEEN_PIECES = /([.\-+@#$%&/])/;
/** `35`, `0x1f`, `35ms`, `v2`: numbers, with a unit or as a version. */
const NUMBER = /^(?:0x[0-9a-f]+|v?\d+[a-zµ]{0,3})$/i;
/** `job_17`, or three digits among letters: an id. `eth0`, `x86`, `IPv6` are names until they are seen to change. */
const ID = /^[a-z_]+_\d|\d.*\d.*\d/i;
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const SCHEME = /^[a-z][a-z0-9+.-]*:\/\//i;
/** Longer ones are data. */
const LONGEST_NAME_CHARS = 64;
const WELL_KNOWN_USER = /(?<![^\s=:,;()[\]{}"'|<>])(?:root|admin)(?![^\s=:,;()[\]{}"'|<>.])/g;
const TOUCHING = /<\*>(?:\.?<\*>)+/g;
/** Where a word may be cut to keep what its neighbours share. */
const INSIDE_NAME = /[\p{L}\p{N}_.<>*-]/u;

export function showValue(value: string): string {
  if (UUID.test(value) || value.length > LONGEST_NAME_CHARS) return VALUE;
  const pieces = value.replace(/(?<=^|_)-(?=\d)/, '').split(BETWEEN_PIECES);
  return pieces
    .map((piece) => (NUMBER.test(piece) || ID.test(piece) ? VALUE : piece))
    .join('')
    .replace(TOUCHING, VALUE);
}

/** The text of a template from that of a line whose values are shown as patterns. */
export function showText(text: string): string {
  return text
    .replace(PATH, showPath)
    .replace(GROUPED_ADDRESS, (found) => (found.split(':').length > 4 ? VALUE : found))
    .replace(INTERNET_NAME, VALUE)
    .replace(LITERAL, VALUE)
    .replace(WELL_KNOWN_USER, VALUE)
    .replace(TOUCHING, VALUE);
}

function showPath(path: string): string {
  return (SCHEME.exec(path)?.[0] ?? '') + VALUE + afterPath(path);
}

/** Whether a value is one that a pattern stands for. */
export function fitsPattern(pieces: readonly string[], value: string): boolean {
  const first = pieces[0] ?? '';
  if (pieces.length === 1) return value === first;
  const last = pieces.at(-1) ?? '';
  if (!value.startsWith(first) || !value.endsWith(last)) return false;
  const end = value.length - last.length;
  let at = first.length;
  for (const piece of pieces.slice(1, -1)) {
    const found = value.indexOf(piece, at);
    if (found === -1 || found > end) return false;
    at = found + piece.length;
  }
  return at <= end;
}

/** The narrowest pattern for both: pieces that differ become values. */
export function widenPattern(pattern: string, other: string): string {
  const pieces = pattern.split(BETWEEN_PIECES);
  const others = other.split(BETWEEN_PIECES);
  const isSameShape =
    pieces.length === others.length && pieces.every((piece, i) => i % 2 === 0 || piece === others[i]);
  if (!isSameShape) return VALUE;
  return pieces
    .map((piece, i) => (piece === others[i] ? piece : VALUE))
    .join('')
    .replace(TOUCHING, VALUE);
}

/** What two words share at their ends, with a value between. Cuts only where a name ends. */
export function widenWord(word: string, other: string): string {
  if (word === other) return word;
  const most = Math.min(word.length, other.length);
  let start = 0;
  while (start < most && word[start] === other[start]) start += 1;
  while (start > 0 && INSIDE_NAME.test(word[start - 1] ?? '')) start -= 1;
  let end = 0;
  while (end < most - start && word.at(-1 - end) === other.at(-1 - end)) end += 1;
  while (end > 0 && INSIDE_NAME.test(word.at(-end) ?? '')) end -= 1;
  return word.slice(0, start) + VALUE + word.slice(word.length - end);
}

/** The narrowest words for both, also when one has more values in a row. */
export function widenWords(words: readonly string[], others: readonly string[]): string[] {
  if (words.length === others.length) return words.map((word, i) => widenWord(word, others[i] ?? ''));
  const [few, many] = [withoutRuns(words), withoutRuns(others)];
  if (few.length === many.length) return few.map((word, i) => widenWord(word, many[i] ?? ''));
  // At least one word of each is left for the value to stand for.
  const most = Math.min(few.length, many.length) - 1;
  let start = 0;
  while (start < most && few[start] === many[start]) start += 1;
  let end = 0;
  while (end < most - start && few.at(-1 - end) === many.at(-1 - end)) end += 1;
  return [...few.slice(0, start), VALUE, ...few.slice(few.length - end)];
}

/** One value for a run of values. */
function withoutRuns(words: readonly string[]): string[] {
  return words.filter((word, i) => word !== VALUE || words[i - 1] !== VALUE);
}
