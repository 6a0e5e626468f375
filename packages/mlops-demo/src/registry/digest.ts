import { createHash } from 'node:crypto';

/** The digest and size of some bytes. */
export function digestOf(bytes: Uint8Array): { sha256: string; bytes: number } {
  return { sha256: createHash('sha256').update(bytes).digest('hex'), bytes: bytes.byteLength };
}
