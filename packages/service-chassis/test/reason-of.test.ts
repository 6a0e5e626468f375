import { expect, test } from 'vitest';
import { z } from 'zod';
import { messageOf, reasonOf } from '../src/reason-of.js';

test('an error is its message, whatever else was thrown its text', () => {
  expect(messageOf(new Error('two\nlines'))).toBe('two\nlines');
  expect(messageOf('thrown')).toBe('thrown');
});

test('a reason is one line: the code of what lies behind, the first issue of a schema, or the first line', () => {
  const cause = Object.assign(new Error('connect'), { code: 'ECONNREFUSED' });
  expect(reasonOf(new TypeError('fetch failed', { cause }))).toBe('ECONNREFUSED');
  const { error } = z.object({ calibration: z.object({}) }).safeParse({});
  expect(reasonOf(error)).toBe('calibration: Invalid input: expected object, received undefined');
  expect(reasonOf(new Error('no such file\nat …'))).toBe('no such file');
  expect(reasonOf(undefined)).toBe('undefined');
});
