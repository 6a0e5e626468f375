/** Small pieces of SQL that several readers of flights share. */
import { dateOf, dayNumber } from '../flights.js';

/** A text as an SQL literal. */
export function quoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** A name as an SQL identifier. */
export function identifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** What DuckDB reads a file with: CSV by its ending, everything else as Parquet. */
export function tableOf(file: string): string {
  if (!/\.csv(\.gz)?$/i.test(file)) return `read_parquet(${quoted(file)})`;
  return `read_csv(${quoted(file)}, header = true, delim = ',', auto_detect = true)`;
}

/** Local days, both included; with airports only flights from or to them. */
export interface FlightsWanted {
  from: string;
  through: string;
  airports?: readonly string[] | undefined;
}

/** Half a million flights: what is sorted at once. */
const DAYS_PER_SPAN = 31;

/** The same days in spans of a month, one after the other. */
export function spansWithin({ from, through, ...others }: FlightsWanted): FlightsWanted[] {
  const last = dayNumber(through);
  const spans: FlightsWanted[] = [];
  for (let day = dayNumber(from); day <= last; day += DAYS_PER_SPAN)
    spans.push({
      from: dateOf(day),
      through: dateOf(Math.min(day + DAYS_PER_SPAN - 1, last)),
      ...others,
    });
  return spans;
}

/** The condition for these flights. */
export function flightsWithin(wanted: FlightsWanted): string {
  const { from, through, airports } = wanted;
  const list = airports?.map(quoted).join(', ');
  const ofAirports = list === undefined ? '' : ` AND (origin IN (${list}) OR destination IN (${list}))`;
  return `date >= DATE ${quoted(from)} AND date < DATE ${quoted(through)} + 1${ofAirports}`;
}
