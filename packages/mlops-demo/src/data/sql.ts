/** Small pieces of SQL that several readers of flights share. */

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

/** The rows of these local days, both included; with airports only flights from or to them. */
export function flightsWithin(days: {
  from: string;
  through: string;
  airports?: readonly string[] | undefined;
}): string {
  const list = days.airports?.map(quoted).join(', ');
  const ofAirports = list === undefined ? '' : ` AND (origin IN (${list}) OR destination IN (${list}))`;
  return `date >= DATE ${quoted(days.from)} AND date < DATE ${quoted(days.through)} + 1${ofAirports}`;
}
