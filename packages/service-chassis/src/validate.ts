/**
 * Checks input with zod and says what is wrong in the client's terms: which field, which fix.
 */
import type { z } from 'zod';
import { askWith } from './issue-words.js';
import { problem } from './problem.js';
import type { FieldError } from './problem.js';

/** So many wrong fields are named in the sentence; the rest is counted. */
const NAMED = 3;
const MOST_ERRORS = 20;

/**
 * Checks a value against a schema.
 *
 * @param where names what is checked: `body`, `query`, `path`.
 * @throws {Problem} 422 with one entry in `errors` for each wrong field.
 * @example validate(z.object({ limit: z.number().max(200) }), { limit: 500 }, 'query')
 * // throws 422, errors: [{ field: 'limit', fix: 'send a number of at most 200' }]
 */
export function validate<Schema extends z.ZodType>(
  schema: Schema,
  value: unknown,
  where = 'body',
): z.infer<Schema> {
  const parsed = schema.safeParse(value, { error: askWith('send') });
  if (parsed.success) return parsed.data;
  const errors = parsed.error.issues.flatMap((issue) => fieldErrors(issue, where));
  throw problem(422, 'Invalid input', inWords(errors, where), { errors: errors.slice(0, MOST_ERRORS) });
}

/** A field that nobody knows is wrong by its name; the rest has a value that is wrong. */
function fieldErrors(issue: z.core.$ZodIssue, where: string): FieldError[] {
  if (issue.code !== 'unrecognized_keys') {
    return [{ field: fieldName(issue.path, where), fix: issue.message }];
  }
  return issue.keys.map((key) => ({ field: fieldName([...issue.path, key], where), fix: 'leave it out' }));
}

/** @example inWords([{ field: 'a', … }, { field: 'b', … }, { field: 'c', … }, { field: 'd', … }], 'body') // 'Wrong in the body: a, b, c and 1 more.' */
function inWords(errors: readonly FieldError[], where: string): string {
  const fields = [...new Set(errors.map(({ field }) => field))];
  const [whole] = errors;
  if (fields.length === 1 && whole?.field === where) return `The ${where} is wrong: ${whole.fix}.`;
  const more = fields.length > NAMED ? ` and ${fields.length - NAMED} more` : '';
  return `Wrong in the ${where}: ${fields.slice(0, NAMED).join(', ')}${more}.`;
}

/** `['flights', 0, 'origin']` becomes `flights[0].origin`; the empty path is the whole of `where`. */
function fieldName(path: PropertyKey[], where: string): string {
  if (path.length === 0) return where;
  return path
    .map((step, index) =>
      typeof step === 'number' ? `[${step}]` : `${index === 0 ? '' : '.'}${String(step)}`,
    )
    .join('');
}
