/**
 * A frozen timetable as bytes: `timetable.bin` of a model.
 *
 * in:  FrozenTimetable
 * out: a line of JSON (format, day, airport codes, sizes), then the columns one after the other, little-endian, each at a multiple of
 *      eight bytes
 *
 * Rule: reading checks what it relies on: sizes, ascending slots and ends, indices within the list of codes. The registry's
 * digest finds damage; this finds a file of another kind.
 */
import { z } from 'zod';
import { FrozenTimetable } from './frozen-timetable.js';
import type { TimetableColumns } from './frozen-timetable.js';
import { SLOTS } from './learned-timetable.js';

const FORMAT = 'timetable 1';
const ALIGNMENT = 8;
const NEWLINE = 0x0a;
const COLUMNS = [
  ['origins', Uint16Array],
  ['destinations', Uint16Array],
  ['ends', Uint32Array],
  ['slots', Uint8Array],
  ['counts', Uint16Array],
  ['delaySums', Int32Array],
] as const;
const OF_ROUTES = ['origins', 'destinations', 'ends'];

const headerSchema = z.object({
  format: z.literal(FORMAT),
  asOf: z.number().int().nonnegative(),
  codes: z.array(z.string().min(1)).max(65_535),
  routes: z.number().int().nonnegative(),
  slots: z.number().int().nonnegative(),
});

/** Packs a table. The same table is the same bytes. */
export function packTimetable({ columns }: FrozenTimetable): Uint8Array {
  const { asOf, codes } = columns;
  const sizes = { routes: columns.ends.length, slots: columns.slots.length };
  const header = new TextEncoder().encode(`${JSON.stringify({ format: FORMAT, asOf, codes, ...sizes })}\n`);
  const parts = COLUMNS.map(([name]) => columns[name]);
  const total = parts.reduce((sum, part) => aligned(sum) + part.byteLength, header.byteLength);
  const bytes = new Uint8Array(total);
  bytes.set(header);
  let at = header.byteLength;
  for (const part of parts) {
    at = aligned(at);
    bytes.set(new Uint8Array(part.buffer, part.byteOffset, part.byteLength), at);
    at += part.byteLength;
  }
  return bytes;
}

/** Unpacks a table, or throws with what is wrong with it. */
export function unpackTimetable(packed: Uint8Array): FrozenTimetable {
  const newline = packed.indexOf(NEWLINE);
  const { asOf, codes, routes, slots } = headerOf(packed.subarray(0, Math.max(newline, 0)));
  // A copy starts at a multiple of eight, whatever the bytes were cut out of.
  const { buffer, byteLength } = packed.slice();
  let at = newline + 1;
  const columns = Object.fromEntries(
    COLUMNS.map(([name, Column]) => {
      const length = OF_ROUTES.includes(name) ? routes : slots;
      at = aligned(at) + length * Column.BYTES_PER_ELEMENT;
      if (at > byteLength) throw wrong(`${name} of ${length} entries`, `${byteLength} bytes in all`);
      return [name, new Column(buffer, at - length * Column.BYTES_PER_ELEMENT, length)];
    }),
  ) as unknown as TimetableColumns;
  if (at !== byteLength) throw wrong(`${at} bytes`, `${byteLength}`);
  return new FrozenTimetable(checked({ ...columns, asOf, codes }));
}

function headerOf(line: Uint8Array): z.infer<typeof headerSchema> {
  try {
    return headerSchema.parse(JSON.parse(new TextDecoder().decode(line)));
  } catch {
    throw wrong(`a first line with the format '${FORMAT}'`, 'another one');
  }
}

function checked(columns: TimetableColumns): TimetableColumns {
  const { codes, origins, destinations, ends, slots } = columns;
  const known = (index: number): boolean => index < codes.length;
  if (!origins.every(known) || !destinations.every(known))
    throw wrong('routes between its airports', 'others');
  let from = 0;
  for (const end of ends) {
    if (end < from || end > slots.length) throw wrong('routes one after the other', `an end at ${end}`);
    for (let at = from; at < end; at++) {
      const ascends = at === from || slots[at]! > slots[at - 1]!;
      if (!ascends || slots[at]! >= SLOTS) throw wrong('ascending slots of a day', `slot ${slots[at]}`);
    }
    from = end;
  }
  if (from !== slots.length) throw wrong('every slot to belong to a route', `${slots.length - from} more`);
  return columns;
}

function aligned(at: number): number {
  return Math.ceil(at / ALIGNMENT) * ALIGNMENT;
}

function wrong(expected: string, got: string): Error {
  return new Error(`unpackTimetable: expected ${expected}, got ${got}`);
}
