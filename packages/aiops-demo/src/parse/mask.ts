/**
 * Masking: values that every system writes in the same few ways become `<*>` before clustering.
 *
 * in: one token, `10.250.11.53:50010` → out: the token without its values, `<*>`
 *
 * Rule: UUIDs, instants, IP and MAC addresses, hexadecimal numbers, durations and sizes, numbers. A value
 * begins and ends where letters and digits end, so `jk2_init` and `x86` stay words.
 * When it misleads: a number that names a thing (`HTTP 404`, `worker 3`) disappears like any other. Ids of
 * unusual shape are left to the clustering itself, which drops words that differ between like lines.
 * Cost: each pattern can begin only at the edge of a word and runs over it once, so a token costs its length.
 * Source: the masks proposed for Drain in He et al., "Drain: An Online Log Parsing Approach with Fixed Depth
 * Tree", ICWS 2017, section III-A, in a generic form that suits any system.
 *
 *   mask('took=35ms')                            // 'took=<*>'
 *   mask('/10.10.34.11:45307')                   // '/<*>'
 *   mask('f47ac10b-58cc-4372-a567-0e02b2c3d479') // '<*>'
 *   mask('jk2_init()')                           // 'jk2_init()'
 */

/** What stands in a template where a value was. */
export const VALUE = '<*>';

/** A token longer than this is data, not a word: base64, minified JSON, a URL with its query. */
const LONGEST_WORD_CHARS = 128;

const UUID = '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}';
const INSTANT =
  '\\d{4}-\\d\\d-\\d\\d(?:T\\d\\d:\\d\\d(?::\\d\\d(?:[.,]\\d{1,9})?)?(?:Z|[+-]\\d\\d:?\\d\\d)?)?';
const IPV4 = '\\d{1,3}(?:\\.\\d{1,3}){3}(?::\\d{1,5})?';
const IPV6_OR_MAC = '(?:[0-9a-f]{0,4}:){3,7}[0-9a-f]{1,4}';
const HEX = '0x[0-9a-f]+|(?=[a-f]*\\d)[0-9a-f]{8,}';
const DURATION_OR_SIZE = '[-+]?\\d+(?:\\.\\d+)?(?:ns|us|µs|ms|s|min|m|h|d|[kmgt]?i?b)';
const NUMBER = '[-+]?\\d+(?:[.,:]\\d+)*';

const VALUES = new RegExp(
  `(?<![a-z0-9])(?:${[UUID, INSTANT, IPV4, IPV6_OR_MAC, HEX, DURATION_OR_SIZE, NUMBER].join('|')})(?![a-z0-9])`,
  'gi',
);
const HAS_DIGIT = /\d/;

/** Replaces the values in one token. */
export function mask(token: string): string {
  if (token.length > LONGEST_WORD_CHARS) return VALUE;
  if (!HAS_DIGIT.test(token)) return token;
  return token.replace(VALUES, VALUE);
}
