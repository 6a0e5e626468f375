/**
 * Digest of a file's bytes, as a manifest states it.
 *
 * in:  bytes → out: { sha256, bytes }
 *
 * Rule: SHA-256 in hexadecimal, and the size: a file of another size is told apart without reading it.
 *
 * Source: NIST, FIPS 180-4 (2015).
 *
 * Example: no bytes → { sha256: 'e3b0c44298fc…', bytes: 0 }
 */
import { createHash } from 'node:crypto';

/** The digest and size of some bytes. */
export function digestOf(bytes: Uint8Array): { sha256: string; bytes: number } {
  return { sha256: createHash('sha256').update(bytes).digest('hex'), bytes: bytes.byteLength };
}
