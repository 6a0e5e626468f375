/**
 * Why something failed, for a sentence of our own.
 *
 *   messageOf(new Error('no such file')) // 'no such file'
 *   reasonOf(new Error('no such file\nat …')) // 'no such file': one line, for brackets
 *   reasonOf(new TypeError('fetch failed', { cause: { code: 'ECONNREFUSED' } })) // 'ECONNREFUSED'
 *   reasonOf(new z.ZodError([{ path: ['calibration'], … }])) // 'calibration: expected object, received undefined'
 */
import { z } from 'zod';

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

export function reasonOf(error: unknown): string {
  if (error instanceof z.ZodError) {
    const [issue] = error.issues;
    return `${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'not as expected'}`;
  }
  const cause = error instanceof Error ? (error.cause as NodeJS.ErrnoException | undefined) : undefined;
  return cause?.code ?? messageOf(error).split('\n', 1)[0] ?? '';
}
