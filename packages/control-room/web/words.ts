/** How the page writes numbers and times. Pure, so that tests can check it. */

const DAY_SECONDS = 86_400;

const counts = new Intl.NumberFormat('en');

/** @example countInWords(12345) // '12,345' */
export function countInWords(count: number): string {
  return counts.format(count);
}

/** @example counted(1, 'change') // '1 change' */
export function counted(count: number, thing: string): string {
  return `${countInWords(count)} ${thing}${count === 1 ? '' : 's'}`;
}

/** @example secondsInWords(0.0421) // '42 ms'; secondsInWords(75) // '1 min 15 s' */
export function secondsInWords(seconds: number): string {
  if (seconds < 0.9995) return `${Math.round(seconds * 1_000)} ms`;
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  if (whole < 3_600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  if (whole >= 2 * DAY_SECONDS) return `${Number((whole / DAY_SECONDS).toFixed(1))} days`;
  return `${Math.floor(whole / 3_600)} h ${Math.floor((whole % 3_600) / 60)} min`;
}

/** @example percentInWords(0.0123) // '1.2 %' */
export function percentInWords(ratio: number): string {
  const percent = Number((ratio * 100).toFixed(1));
  return `${percent >= 10 || Number.isInteger(percent) ? Math.round(percent) : percent} %`;
}

/** @example agoInWords('2026-01-01T00:00:00Z', '2026-01-01T00:01:05Z') // '1 min ago' */
export function agoInWords(then: string, now: string): string {
  const seconds = Math.max(0, Math.round((Date.parse(now) - Date.parse(then)) / 1_000));
  if (seconds < 2) return 'just now';
  if (seconds < 60) return `${seconds} s ago`;
  const minutes = Math.floor(seconds / 60);
  return minutes < 60 ? `${minutes} min ago` : `${Math.floor(minutes / 60)} h ${minutes % 60} min ago`;
}

const clock = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', second: '2-digit' });

/** The visitor's own wall clock. */
export function clockTime(instant: string): string {
  return clock.format(new Date(instant));
}

const day = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'long' });

/** The date stands before the time when the instant is a day or more ago. */
export function dayAndClock(instant: string, now: string): string {
  const isRecent = Date.parse(now) - Date.parse(instant) < DAY_SECONDS * 1_000;
  return isRecent ? clockTime(instant) : `${day.format(new Date(instant))}, ${clockTime(instant)}`;
}

/** Nobody reads a date of today. Instants of the simulation, in 2001, stay as they are. */
export function withClockTimes(text: string): string {
  return text.replace(/\b20[2-9]\d-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z/g, clockTime);
}

const simulatedDay = new Intl.DateTimeFormat('en-GB', {
  weekday: 'short',
  day: 'numeric',
  month: 'long',
  year: 'numeric',
  timeZone: 'UTC',
});

/** @example simulatedInWords('2001-02-01T14:32:00.000Z') // { day: 'Thu, 1 February 2001', time: '14:32' } */
export function simulatedInWords(instant: string): { day: string; time: string } {
  const at = new Date(instant);
  return { day: simulatedDay.format(at), time: at.toISOString().slice(11, 16) };
}

/** What a speed means for somebody who watches. @example speedInWords(60) // 'an hour passes in a minute' */
export function speedInWords(speed: number): string {
  if (speed === 60) return 'an hour passes in a minute';
  if (speed === 1) return 'as it happened';
  return `${secondsInWords(speed)} pass in a second`;
}

/** Reasons come with and without a full stop. @example asSentence('not asked yet') // 'not asked yet.' */
export function asSentence(reason: string): string {
  return /[.!?…]$/.test(reason) ? reason : `${reason}.`;
}

/** The folder that all files share, so that each stage need show only its own part. @example commonFolder(['a/b/c.ts', 'a/d.ts']) // 'a/' */
export function commonFolder(files: readonly string[]): string {
  const [first = '', ...others] = files;
  let end = first.lastIndexOf('/') + 1;
  while (end > 0 && !others.every((file) => file.startsWith(first.slice(0, end)))) {
    end = first.lastIndexOf('/', end - 2) + 1;
  }
  return first.slice(0, end);
}
