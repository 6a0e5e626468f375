/**
 * An error in one line: what a message quotes in brackets.
 *
 *   reasonOf(new Error('no such file\nat …')) // 'no such file'
 *   reasonOf(new z.ZodError([{ path: ['calibration'], … }])) // 'calibration: expected object, received undefined'
 */
import { z } from 'zod';

export function reasonOf(error: unknown): string {
  if (error instanceof z.ZodError) {
    const [issue] = error.issues;
    return `${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'not as expected'}`;
  }
  return error instanceof Error ? (error.message.split('\n', 1)[0] ?? '') : String(error);
}
