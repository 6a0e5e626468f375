/**
 * Instant: a moment with the local offset it was spoken in.
 *
 * in: `2001-02-01T08:15-05:00` → out: { epochMs: 981033300000, offsetMinutes: -300 } → out: `2001-02-01T08:15:00-05:00`
 *
 * Rule: the same moment in the same offset has one spelling (seconds always, milliseconds only when there are any,
 * `+00:00` instead of `Z`), so that two contents can be compared as text.
 * When it misleads: an offset is not a time zone. It says what the clock on the wall showed, not when it changes.
 * Source: ISO 8601 as profiled by RFC 3339, https://www.rfc-editor.org/rfc/rfc3339 (2002).
 */

export interface Instant {
  epochMs: number;
  offsetMinutes: number;
}

const MINUTE_MS = 60_000;
const OFFSET = /(?:Z|([+-])(\d{2}):(\d{2}))$/;

/** @throws {RangeError} when the text is no instant with an offset. */
export function parseInstant(text: string): Instant {
  const offset = OFFSET.exec(text);
  const epochMs = Date.parse(text);
  if (offset === null || Number.isNaN(epochMs)) {
    throw new RangeError(`parseInstant: expected an instant like 2001-02-01T08:15:00-05:00, got "${text}"`);
  }
  const [, sign, hours = '0', minutes = '0'] = offset;
  const size = Number(hours) * 60 + Number(minutes);
  return { epochMs, offsetMinutes: sign === '-' && size > 0 ? -size : size };
}

/** The one spelling of an instant. */
export function formatInstant({ epochMs, offsetMinutes }: Instant): string {
  const local = new Date(epochMs + offsetMinutes * MINUTE_MS).toISOString();
  const clock = epochMs % 1_000 === 0 ? local.slice(0, 19) : local.slice(0, 23);
  const size = Math.abs(offsetMinutes);
  const two = (part: number) => String(part).padStart(2, '0');
  return `${clock}${offsetMinutes < 0 ? '-' : '+'}${two(Math.floor(size / 60))}:${two(size % 60)}`;
}

/** Rewrites an instant in its one spelling. */
export function canonicalInstant(text: string): string {
  return formatInstant(parseInstant(text));
}
