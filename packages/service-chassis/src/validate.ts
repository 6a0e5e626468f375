/**
 * Checks input with zod and says what is wrong in the client's terms: which field, which fix.
 */
import type { z } from 'zod';
import { problem } from './problem.js';

/**
 * Checks a value against a schema.
 *
 * @param where names what is checked: `body`, `query`, `path`.
 * @throws {Problem} 422 with one entry in `errors` for each wrong field.
 * @example validate(z.object({ limit: z.number().max(200) }), { limit: 500 }, 'query')
 * // throws 422, errors: [{ field: 'limit', fix: 'Too big: expected number to be <=200' }]
 */
export function validate<Schema extends z.ZodType>(
  schema: Schema,
  value: unknown,
  where = 'body',
): z.infer<Schema> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const errors = parsed.error.issues.map((issue) => ({
    field: fieldName(issue.path, where),
    fix: issue.message,
  }));
  const named = errors.map((error) => error.field).slice(0, 3);
  throw problem(422, 'Invalid input', `Wrong in the ${where}: ${named.join(', ')}.`, {
    errors: errors.slice(0, 20),
  });
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
