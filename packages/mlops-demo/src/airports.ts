/**
 * The airports of the flight data: code, name, place.
 *
 * in:  the text of vega-datasets' airports.csv
 * out: Map { 'SDF' → { code: 'SDF', name: 'Louisville International-Standiford', state: 'KY', latitude: 38.17, … } }
 *
 * When it misleads: the file has no time zones (see airport-time.ts) and says `NA` for the state of Marquette (MQT).
 *
 * Source: vega-datasets 3.2.1, usa.gov government works.
 */

/** One airport. */
export interface Airport {
  code: string;
  name: string;
  city: string;
  state: string;
  latitude: number;
  longitude: number;
}

/** All airports by code. */
export type Airports = ReadonlyMap<string, Airport>;

const FIELD = /("([^"]*)"|[^,]*)(,|$)/y;

/** Reads the airports out of the CSV text. */
export function parseAirports(csv: string): Airports {
  const airports = new Map<string, Airport>();
  const [header, ...lines] = csv.split(/\r?\n/);
  if (header !== 'iata,name,city,state,country,latitude,longitude') {
    throw new Error(`parseAirports: expected the header of airports.csv, got '${header ?? ''}'`);
  }
  for (const line of lines) {
    if (line === '') continue;
    const [code = '', name = '', city = '', state = '', , latitude = '', longitude = ''] = fieldsOf(line);
    airports.set(code, { code, name, city, state, latitude: Number(latitude), longitude: Number(longitude) });
  }
  return airports;
}

function fieldsOf(line: string): string[] {
  const fields: string[] = [];
  FIELD.lastIndex = 0;
  for (let match = FIELD.exec(line); match !== null; match = FIELD.exec(line)) {
    fields.push(match[2] ?? match[1] ?? '');
    if (match[3] === '') break;
  }
  return fields;
}
