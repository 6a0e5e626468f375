import { expect, it, test } from 'vitest';
import { z } from 'zod';
import { Problem, validate } from '../src/index.js';
import type { FieldError } from '../src/index.js';

function refusal(
  schema: z.ZodType,
  value: unknown,
  where?: string,
): { detail: string; errors: FieldError[] } {
  try {
    validate(schema, value, where);
  } catch (error) {
    if (error instanceof Problem) return { detail: error.message, errors: error.errors };
    throw error;
  }
  throw new Error('expected a refusal');
}

const flight = z.strictObject({ a: z.number(), b: z.number(), c: z.number(), d: z.number() });

it('three wrong fields are named, and the rest is counted', () => {
  expect(refusal(flight, {}).detail).toBe('Wrong in the body: a, b, c and 1 more.');
  expect(refusal(flight, { d: 1 }).detail).toBe('Wrong in the body: a, b, c.');
});

it('a field that nobody knows is named, and should be left out', () => {
  const known = { a: 1, b: 2, c: 3, d: 4 };
  const { detail, errors } = refusal(z.object({ flights: z.array(flight) }), {
    flights: [{ ...known, z: 5, y: 6 }],
  });
  expect(detail).toBe('Wrong in the body: flights[0].z, flights[0].y.');
  expect(errors).toEqual([
    { field: 'flights[0].z', fix: 'leave it out' },
    { field: 'flights[0].y', fix: 'leave it out' },
  ]);
});

it('a body that is wrong as a whole is told with its fix', () => {
  expect(refusal(flight, [])).toMatchObject({
    detail: 'The body is wrong: send an object.',
    errors: [{ field: 'body', fix: 'send an object' }],
  });
  expect(refusal(z.string(), 4, 'query').detail).toBe('The query is wrong: send a string.');
});

const choice = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('rain') }),
  z.object({ kind: z.literal('snow') }),
]);

test.each<[fix: string, schema: z.ZodType, value: unknown]>([
  ['missing: send a number', z.number(), undefined],
  ['missing: send "on" or "off"', z.enum(['on', 'off']), undefined],
  ['send a whole number', z.int(), 1.5],
  ['send a number', z.coerce.number(), 'eighty'],
  ['send true or false', z.boolean(), 1],
  ['send a list', z.array(z.string()), 'x'],
  ['send a number of at most 200', z.number().max(200), 500],
  ['send a number of more than 0', z.number().positive(), 0],
  ['send a multiple of 5', z.number().multipleOf(5), 7],
  ['send at least 1 character', z.string().min(1), ''],
  ['send at most 2 entries', z.array(z.number()).max(2), [1, 2, 3]],
  ['send text that matches /^[A-Z]{3}$/', z.string().regex(/^[A-Z]{3}$/), 'jfk'],
  ['send an ISO 8601 instant, such as 2001-02-01T08:15:00Z', z.iso.datetime(), 'today'],
  ['send text of the form email', z.email(), 'ada'],
  ['send 4', z.literal(4), 5],
  ['send one of the forms that are allowed', z.union([z.string(), z.number()]), true],
  ['use a code of three letters', z.string().length(3, 'use a code of three letters'), 'SEATTLE'],
])('the fix is: %s', (fix, schema, value) => {
  expect(refusal(z.object({ field: schema }), { field: value }).errors).toEqual([{ field: 'field', fix }]);
});

it('of several kinds of objects the allowed kinds are named', () => {
  expect(refusal(choice, { kind: 'hail' }).errors).toEqual([{ field: 'kind', fix: 'send "rain" or "snow"' }]);
});
