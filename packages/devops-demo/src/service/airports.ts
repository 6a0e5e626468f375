/**
 * Airports: the set of codes that a flight may name.
 *
 * in: `airports.csv` → out: Set of its codes
 *
 * Rule: the first column of each line after the header, which is called `iata`.
 * When it misleads: the list is of 2001 and of the US. An airport that opened later is unknown here.
 * Source: npm package vega-datasets 3.2.1, data/airports.csv (US Bureau of Transportation Statistics), 3,376 rows.
 *
 *   parseAirports('iata,name\nATL,William B Hartsfield\n') // Set { 'ATL' }
 */
export function parseAirports(csv: string): ReadonlySet<string> {
  const [header, ...lines] = csv.split('\n');
  if (header?.startsWith('iata,') !== true) {
    throw new Error(`parseAirports: expected a first column "iata", got "${header?.slice(0, 40) ?? ''}"`);
  }
  return new Set(lines.map((line) => line.slice(0, line.indexOf(','))).filter((code) => code !== ''));
}
