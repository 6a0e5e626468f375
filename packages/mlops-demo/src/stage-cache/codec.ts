/**
 * A stage's value as bytes: JSON, and beside it the typed arrays as they lie in memory.
 *
 * in:  { rows: Float32Array(2), labels: Uint8Array(1), because: '…' }
 * out: { json: '{"rows":{"$array":["Float32Array",0,2]},"labels":{"$array":["Uint8Array",8,1]},…}', arrays: [rows, labels] }, and back
 *
 * Rule: each array starts at a multiple of eight bytes, so that it can be read in place. Numbers that JSON does not know are spelled out:
 * a NaN that came back as null would pass a gate that it must not pass.
 *
 * When it misleads: in the byte order of the machine. A cache does not travel; a model does, and has its own format.
 */
const ALIGNMENT = 8;
const ARRAYS = { Uint8Array, Uint16Array, Uint32Array, Int32Array, Float32Array, Float64Array } as const;
type ArrayKind = keyof typeof ARRAYS;
type TypedArray = InstanceType<(typeof ARRAYS)[ArrayKind]>;

/** A value in two parts. */
export interface Packed {
  json: string;
  arrays: TypedArray[];
}

export function pack(value: unknown): Packed {
  const arrays: TypedArray[] = [];
  let offset = 0;
  const json = JSON.stringify(value, function replace(this: Record<string, unknown>, name, plain: unknown) {
    // Not `plain`: a Buffer would be a list of numbers there.
    const it = this[name];
    if (typeof it === 'number' && (!Number.isFinite(it) || Object.is(it, -0)))
      return { $number: Object.is(it, -0) ? '-0' : String(it) };
    const kind = kindOf(it);
    if (kind === undefined) return plain;
    const array = it as TypedArray;
    const at = offset;
    arrays.push(array);
    offset += paddedLength(array);
    return { $array: [kind, at, array.length] };
  });
  return { json, arrays };
}

/** The arrays are views of the bytes, not copies. */
export function unpack(json: string, bytes: ArrayBuffer): unknown {
  return JSON.parse(json, (_name, it: unknown) => {
    if (typeof it !== 'object' || it === null) return it;
    if ('$number' in it) return Number(it.$number);
    if (!('$array' in it)) return it;
    const [kind, at, length] = it.$array as [ArrayKind, number, number];
    return new ARRAYS[kind](bytes, at, length);
  });
}

/** The bytes of the arrays, one after the other. */
export function* bytesOf(arrays: readonly TypedArray[]): Generator<Uint8Array> {
  for (const array of arrays) {
    yield new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
    yield new Uint8Array(paddedLength(array) - array.byteLength);
  }
}

/** How many bytes an array takes, with what fills it up to the next one. */
function paddedLength({ byteLength }: TypedArray): number {
  return Math.ceil(byteLength / ALIGNMENT) * ALIGNMENT;
}

function kindOf(it: unknown): ArrayKind | undefined {
  if (!ArrayBuffer.isView(it)) return undefined;
  const kind = Object.prototype.toString.call(it).slice('[object '.length, -1);
  if (kind in ARRAYS) return kind as ArrayKind;
  throw new TypeError(`pack: expected one of ${Object.keys(ARRAYS).join(', ')}, got ${kind}`);
}
