/** Reads the airports from the installed data package, once, at the start. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseAirports } from '../airports.js';

export function readAirports(): ReadonlySet<string> {
  const entry = import.meta.resolve('vega-datasets');
  return parseAirports(readFileSync(fileURLToPath(new URL('../data/airports.csv', entry)), 'utf8'));
}
