/**
 * What a schema asks for, in words that tell the reader what to do. For `validate.ts` (clients) and `config.ts` (operators).
 *
 * in: an issue of zod, before it has a message → out: the wish, or undefined where zod or the schema's author says it better
 *
 * Rule: used as the error map of one parse, so a message that the schema's author wrote is kept. What was sent is never repeated: it may be a secret.
 * When it misleads: only the first check that fails is told; a number that is too big may have to be whole as well.
 * Source: https://zod.dev/error-customization
 *
 *   wish({ code: 'too_big', origin: 'number', maximum: 200, inclusive: true, … }) // 'a number of at most 200'
 */
import type { z } from 'zod';

type Issue = z.core.$ZodRawIssue;

const TYPES: Record<string, string> = {
  int: 'a whole number',
  boolean: 'true or false',
  object: 'an object',
  array: 'a list',
  record: 'an object',
  null: 'null',
};
/** What is counted in a value of this kind, one and many; everything else is a number itself. */
const COUNTED: Record<string, readonly [one: string, many: string]> = {
  string: ['character', 'characters'],
  array: ['entry', 'entries'],
  set: ['entry', 'entries'],
  map: ['entry', 'entries'],
};
const FORMATS: Record<string, string> = {
  url: 'a URL, such as http://127.0.0.1:8080/path',
  datetime: 'an ISO 8601 instant, such as 2001-02-01T08:15:00Z',
  date: 'a date, such as 2001-02-01',
};

/** An error map for one parse. @example schema.safeParse('x', { error: askWith('send') }) // 'send a number' */
export function askWith(verb: string): z.core.$ZodErrorMap {
  return (issue) => {
    const wanted = wish(issue);
    if (wanted === undefined) return undefined;
    return issue.input === undefined ? `missing: ${verb} ${wanted}` : `${verb} ${wanted}`;
  };
}

export function wish(issue: Issue): string | undefined {
  switch (issue.code) {
    case 'invalid_type':
      return TYPES[issue.expected] ?? `a ${issue.expected}`;
    case 'invalid_value':
      return oneOf(issue.values);
    case 'invalid_union':
      return 'options' in issue && Array.isArray(issue.options)
        ? oneOf(issue.options)
        : 'one of the forms that are allowed';
    case 'too_big':
      return limited(issue.origin, issue.inclusive === false ? 'less than' : 'at most', issue.maximum);
    case 'too_small':
      return limited(issue.origin, issue.inclusive === false ? 'more than' : 'at least', issue.minimum);
    case 'not_multiple_of':
      return `a multiple of ${issue.divisor}`;
    case 'invalid_format':
      if (issue.format === 'regex') return `text that matches ${issue.pattern}`;
      return FORMATS[issue.format] ?? `text of the form ${issue.format}`;
    case 'unrecognized_keys':
    case 'invalid_key':
    case 'invalid_element':
    case 'custom':
      break;
  }
  return undefined;
}

function oneOf(values: readonly unknown[]): string {
  return values.map((value) => JSON.stringify(value)).join(' or ');
}

function limited(origin: string, how: string, limit: number | bigint): string {
  const [one, many] = COUNTED[origin] ?? [];
  if (one === undefined) return `a number of ${how} ${limit}`;
  return `${how} ${limit} ${Number(limit) === 1 ? one : many}`;
}
