import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bytesOf, pack, unpack } from '../../src/stage-cache/codec.js';

const there = (value: unknown): unknown => {
  const { json, arrays } = pack(value);
  const bytes = new Uint8Array(Buffer.concat([...bytesOf(arrays)]));
  return unpack(json, bytes.buffer);
};

describe('a value as bytes and back', () => {
  test('any tree of JSON and typed arrays is the same afterwards, NaN and −0 included', () => {
    const leaf = fc.oneof(
      fc.double(),
      fc.integer(),
      fc.string(),
      fc.boolean(),
      fc.constant(null),
      fc.uint8Array(),
      fc.uint16Array(),
      fc.uint32Array(),
      fc.int32Array(),
      fc.float32Array(),
      fc.float64Array(),
    );
    const tree = fc.letrec((tie) => ({
      tree: fc.oneof(
        leaf,
        fc.array(tie('tree'), { maxLength: 4 }),
        fc.dictionary(fc.stringMatching(/^[a-z]{1,5}$/), tie('tree'), { maxKeys: 4 }),
      ),
    })).tree;
    fc.assert(
      fc.property(tree, (value) => {
        expect(there({ value })).toEqual({ value: plain(value) });
      }),
    );
  });

  test('a part of an array is that part, and a Buffer comes back as its bytes', () => {
    expect(there({ part: Uint32Array.of(1, 2, 3, 4).subarray(1, 3), buffer: Buffer.from('ab') })).toEqual({
      part: Uint32Array.of(2, 3),
      buffer: Uint8Array.of(97, 98),
    });
  });

  test('a kind of array that it does not know is refused, not lost', () => {
    expect(() => pack({ big: BigInt64Array.of(1n) })).toThrow(
      /expected one of Uint8Array, .*got BigInt64Array/,
    );
  });
});

/** fast-check's dictionaries have no prototype. */
function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, it]) => [name, plain(it)]));
}
