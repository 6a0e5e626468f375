/** Examined rows as a file: what later windows of the table are compared with. */
import { z } from 'zod';
import type { Stretch } from '../train/training-rows.js';

const referenceSchema = z.object({
  rows: z.array(z.number()),
  labels: z.array(z.number().int().min(0).max(1)),
});

export function packReference({ rows, labels }: Stretch): Uint8Array {
  return new TextEncoder().encode(JSON.stringify({ rows: [...rows], labels: [...labels] }));
}

/** @throws ZodError */
export function unpackReference(bytes: Uint8Array): Stretch {
  const { rows, labels } = referenceSchema.parse(JSON.parse(new TextDecoder().decode(bytes)));
  return { rows: Float32Array.from(rows), labels: Uint8Array.from(labels) };
}
