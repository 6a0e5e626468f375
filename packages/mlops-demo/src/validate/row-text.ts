/** A raw flight as one line, for examples in reports: `2001-02-01 08:15 SDF → ORD, 287 miles, delay 12`. */
import { MISSING } from '../data/columns.js';
import type { RawFlights } from '../data/columns.js';

/** The row in words. */
export function rowText(raw: RawFlights, row: number): string {
  const miles = given(raw.distanceMiles[row]!);
  return `${dateText(raw.localMinutes[row]!)} ${codeText(raw, raw.origins[row]!)} → ${codeText(raw, raw.destinations[row]!)}, ${miles} miles, delay ${given(raw.delayMinutes[row]!)}`;
}

/** The row as fields of a CSV line: date, origin, destination, distance, delay. */
export function rowFields(raw: RawFlights, row: number): string[] {
  const numbers = [raw.distanceMiles[row]!, raw.delayMinutes[row]!].map(given);
  const codes = [raw.origins[row]!, raw.destinations[row]!].map((code) => codeText(raw, code));
  return [dateText(raw.localMinutes[row]!), ...codes, ...numbers];
}

function dateText(localMinutes: number): string {
  if (localMinutes === MISSING) return 'no date';
  return new Date(localMinutes * 60_000).toISOString().slice(0, 16).replace('T', ' ');
}

function codeText(raw: RawFlights, code: number): string {
  return raw.codes[code] ?? 'nowhere';
}

function given(value: number): string {
  return value === MISSING ? 'missing' : String(value);
}
