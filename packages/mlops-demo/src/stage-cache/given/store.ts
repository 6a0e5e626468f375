/**
 * What a run is given from outside, each with a digest that is known without opening it: the flights, the airports, the backend.
 *
 * Rule: files are represented by their content. A backend is represented by what chooses it: TRIOPS_TFJS_BACKEND and what is installed.
 *
 * When it misleads: a native library that is there and stops working gives way to another backend with the same digest.
 */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { Airports } from '../../airports.js';
import type { BackendChoice } from '../../backend.js';
import type { FlightSource } from '../../data/store.js';
import type { ReadsFlights } from '../../ingest.js';
import { packagedFile, readAirports } from '../../vega-datasets/store.js';
import { versionOf } from '../code/store.js';
import type { Given } from '../key.js';

/** Flights that a run can read. */
export interface GivenFlights extends Given<ReadsFlights> {
  /** The data versions they come from, if they do. */
  dataVersions?: string[];
  close(): Promise<void>;
}

/** The recorded flights. DuckDB is loaded when they are read. */
export function givenFlights(): GivenFlights {
  let source: Promise<FlightSource> | undefined;
  return {
    digest: sha256(readFileSync(packagedFile('flights-3m.parquet'))),
    value: () => (source ??= import('../../data/store.js').then(({ openFlights }) => openFlights())),
    close: async () => (await source)?.close(),
  };
}

export function givenAirports(): Given<Airports> {
  return {
    digest: sha256(readFileSync(packagedFile('airports.csv'))),
    value: () => Promise.resolve(readAirports()),
  };
}

/** The tfjs backend by its name. tfjs is loaded when a stage needs it. */
export function givenBackend(
  wanted: string | undefined,
  onChoice: (choice: BackendChoice) => void = () => undefined,
): Given<string> {
  let choice: Promise<string> | undefined;
  const packages = ['@tensorflow/tfjs', '@tensorflow/tfjs-backend-wasm', '@tensorflow/tfjs-node'];
  const installed = packages.map((name) => `${name} ${versionOf(name)}`);
  return {
    digest: sha256([wanted ?? '', nativeLibrary(), ...installed].join('\n')),
    value: () => (choice ??= choose(wanted, onChoice)),
  };
}

async function choose(
  wanted: string | undefined,
  onChoice: (choice: BackendChoice) => void,
): Promise<string> {
  const { chooseBackend } = await import('../../backend.js');
  const choice = await chooseBackend(wanted);
  onChoice(choice);
  return choice.backend;
}

/** What a model's lineage says of the machine. */
export function versionsHere(): Record<string, string> {
  const packages = ['@tensorflow/tfjs', '@tensorflow/tfjs-backend-wasm', '@duckdb/node-api', 'vega-datasets'];
  const versions = packages.map((name) => [name, versionOf(name)] as const);
  return {
    node: process.version,
    platform: `${process.platform} ${process.arch}`,
    ...Object.fromEntries(versions),
  };
}

/** The package may be there without the library that its installation downloads. */
function nativeLibrary(): string {
  try {
    const entry = createRequire(import.meta.url).resolve('@tensorflow/tfjs-node/package.json');
    return existsSync(join(dirname(entry), 'lib/napi-v8/tfjs_binding.node')) ? 'native library' : '';
  } catch {
    return '';
  }
}

function sha256(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}
