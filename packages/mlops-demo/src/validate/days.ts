/**
 * Which days a file is about, where nobody says it.
 *
 * in:  RawFlights → out: { from: '2001-02-01', through: '2001-02-28' }
 *
 * Rule: the day of its middle row when nine rows of ten are of it, else that row's month on the same condition, else all days of the file.
 *
 * When it misleads: a file of which more than a tenth carries wrong dates is about all its days, and nothing is outside of them.
 */
import { countOf, MISSING } from '../data/columns.js';
import type { RawFlights } from '../data/columns.js';
import { batchesOf } from '../data/versions/name.js';
import { dateOf, dayNumber, dayOf } from '../flights.js';

const MOST = 0.9;

/** The days, or undefined when no row has a date. */
export function likelyDays(raw: RawFlights): { from: string; through: string } | undefined {
  const days = raw.localMinutes
    .filter((minutes) => minutes !== MISSING)
    .map(dayOf)
    .sort();
  if (days.length === 0) return undefined;
  const middle = days[days.length >> 1]!;
  const month = monthOf(middle);
  const candidates = [{ from: dateOf(middle), through: dateOf(middle) }, month];
  const rows = countOf(raw);
  const found = candidates.find(({ from, through }) => {
    const [first, last] = [dayNumber(from), dayNumber(through)];
    return days.filter((day) => day >= first && day <= last).length >= MOST * rows;
  });
  return found ?? { from: dateOf(days[0]!), through: dateOf(days.at(-1)!) };
}

function monthOf(day: number): { from: string; through: string } {
  const from = `${dateOf(day).slice(0, 7)}-01`;
  return batchesOf({ from, through: dateOf(dayNumber(from) + 30) }, 'month')[0]!;
}
