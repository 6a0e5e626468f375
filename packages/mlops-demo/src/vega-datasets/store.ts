/**
 * Where the npm package vega-datasets has put its data. Nothing is copied: its terms allow use, and do not speak of copies.
 *
 * Source: vega-datasets 3.2.1 (data of the US Department of Transportation; airports from usa.gov).
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { parseAirports } from '../airports.js';
import type { Airports } from '../airports.js';

/** The path of one of the package's data files, wherever npm has installed it. */
export function packagedFile(name: string): string {
  const entry = createRequire(import.meta.url).resolve('vega-datasets');
  return join(dirname(entry), '..', 'data', name);
}

/** The airports of the package, by code. */
export function readAirports(): Airports {
  return parseAirports(readFileSync(packagedFile('airports.csv'), 'utf8'));
}
