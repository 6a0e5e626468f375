/** Numbers as a file that `numpy.load` maps into memory: NumPy's .npy format, version 1.0 (numpy.org/doc/stable/reference/generated/numpy.lib.format.html). */
import { readFileSync, writeFileSync } from 'node:fs';

const KINDS = { Float32Array: '<f4', Uint16Array: '<u2', Uint8Array: '|u1' } as const;
/** Magic word, version and the length of the header stand before it. */
const PREFIX = 10;
const ALIGNMENT = 64;

export function writeNpy(
  path: string,
  values: Float32Array | Uint16Array | Uint8Array,
  shape: readonly number[],
): void {
  const kind = KINDS[values.constructor.name as keyof typeof KINDS];
  const description = `{'descr': '${kind}', 'fortran_order': False, 'shape': (${shape.join(', ')},), }`;
  const length = Math.ceil((PREFIX + description.length + 1) / ALIGNMENT) * ALIGNMENT - PREFIX;
  const header = Buffer.alloc(PREFIX + length, ' ');
  header.write('\x93NUMPY\x01\x00', 'latin1');
  header.writeUInt16LE(length, PREFIX - 2);
  header.write(description, PREFIX, 'latin1');
  header.write('\n', PREFIX + length - 1, 'latin1');
  writeFileSync(
    path,
    Buffer.concat([header, new Uint8Array(values.buffer, values.byteOffset, values.byteLength)]),
  );
}

/** Floats as `writeNpy` wrote them. */
export function readNpy(path: string): Float32Array {
  const bytes = readFileSync(path);
  const start = PREFIX + bytes.readUInt16LE(PREFIX - 2);
  return new Float32Array(new Uint8Array(bytes.subarray(start)).buffer);
}
