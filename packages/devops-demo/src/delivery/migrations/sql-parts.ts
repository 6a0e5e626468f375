/**
 * SQL parts: cuts a migration where PostgreSQL does, as far as that can be seen without its grammar.
 *
 * in: text of SQL → out: its statements, and the parts of a list
 *
 * Rule: text in quotes, also dollar quotes, becomes `''` and comments become a space first, so that no word, comma or semicolon in them
 * counts; a comma counts only outside of brackets. Names in double quotes stay.
 * Source: PostgreSQL 18 manual, section 4.1 (lexical structure).
 *
 *   statements("-- why\nselECT ';';  drop table a") // ["select ''", 'drop table a']
 *   listParts('add column a numeric(4, 2), drop b') // ['add column a numeric(4, 2)', 'drop b']
 */
const NAME = String.raw`"(?:[^"]|"")*"`;
const TEXT = String.raw`e'(?:[^'\\]|\\.|'')*'|'(?:[^']|'')*'|\$(?<tag>\w*)\$.*?\$\k<tag>\$`;
const COMMENT = String.raw`--[^\n]*|/\*.*?\*/`;
const OPAQUE = new RegExp(`(?<name>${NAME})|(?<text>${TEXT})|${COMMENT}`, 'gis');

export function statements(sql: string): string[] {
  return sql
    .replaceAll(OPAQUE, (found, ...rest) => {
      const { name, text } = rest.at(-1) as Record<string, string | undefined>;
      return name === undefined ? (text === undefined ? ' ' : "''") : found;
    })
    .split(';')
    .map((statement) => statement.trim().replaceAll(/\s+/g, ' ').toLowerCase())
    .filter(Boolean);
}

/** @param list without quotes and comments, as `statements` gives it */
export function listParts(list: string): string[] {
  const parts = [''];
  let depth = 0;
  for (const character of list) {
    if ('(['.includes(character)) depth += 1;
    if (')]'.includes(character)) depth -= 1;
    if (character === ',' && depth === 0) parts.push('');
    else parts.push(`${parts.pop() ?? ''}${character}`);
  }
  return parts.map((part) => part.trim());
}
