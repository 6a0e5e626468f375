/** Watches both versions during a window: scrapes their metrics, reads their logs, counts their restarts. */
import { existsSync, readFileSync } from 'node:fs';
import { readSamples } from 'service-chassis/exposition';
import { setTimeout as sleep } from 'node:timers/promises';
import type { CanaryWindow } from '../analyze.js';
import type { Slot } from '../instances.js';
import { newTemplates } from '../log-templates.js';
import type { LogTemplate } from '../log-templates.js';
import { measure } from '../measure.js';
import type { Reading } from '../measure.js';

export interface WatchedVersion {
  readonly version: string;
  readonly slot: Slot;
  readonly url: string;
  /** Undefined when it was started by others. */
  readonly logFile: string | undefined;
  readonly restarts: () => number;
}

const SCRAPE_EVERY_MS = 1_000;
const SCRAPE_TIMEOUT_MS = 5_000;

/** Where readings of metrics come from: one for each version and window. */
export type ReadingsOf = (watched: WatchedVersion) => {
  /** Once a second. */
  look(seconds: number): Promise<void>;
  /** All that were made in a window of so many seconds that ends now. */
  readings(seconds: number): Promise<readonly Reading[]>;
};

/** Watches for so many seconds, or until the candidate dies. */
export async function watchBoth(
  primary: WatchedVersion,
  candidate: WatchedVersion,
  length: number,
  readingsOf: ReadingsOf = scrapedReadings,
): Promise<CanaryWindow> {
  const beganAt = performance.now();
  const seconds = () => (performance.now() - beganAt) / 1_000;
  const [ofPrimary, ofCandidate] = [observer(primary, readingsOf), observer(candidate, readingsOf)];
  const read = async () => Promise.all([ofPrimary.read(seconds()), ofCandidate.read(seconds())]);
  const saidBefore = linesOf(candidate.logFile).length;
  await read();
  while (seconds() < length && ofCandidate.restarts() === 0) {
    await sleep(Math.min(SCRAPE_EVERY_MS, Math.max(0, (length - seconds()) * 1_000)));
    await read();
  }
  const known = linesOf(primary.logFile);
  // Without the primary's log nothing can be called new.
  const said = known.length === 0 ? [] : linesOf(candidate.logFile).slice(saidBefore);
  return {
    primary: await ofPrimary.measured(seconds(), []),
    canary: await ofCandidate.measured(seconds(), newTemplates(known, said)),
    seconds: seconds(),
  };
}

function observer(watched: WatchedVersion, readingsOf: ReadingsOf) {
  const { version, restarts } = watched;
  const source = readingsOf(watched);
  const restartsBefore = restarts();
  const since = () => restarts() - restartsBefore;
  return {
    restarts: since,
    read: async (seconds: number) => source.look(seconds),
    measured: async (seconds: number, newLogTemplates: readonly LogTemplate[]) =>
      measure({ version, readings: await source.readings(seconds), newLogTemplates, restarts: since() }),
  };
}

/** The embedded source: asks each version itself. */
const scrapedReadings: ReadingsOf = ({ url }) => {
  const readings: Reading[] = [];
  return {
    async look(seconds) {
      const text = await scrape(url);
      if (text !== undefined) readings.push({ seconds, values: valuesOf(text) });
    },
    readings: async () => Promise.resolve(readings),
  };
};

/** In the form that prom-client gives them. */
function valuesOf(text: string): Reading['values'] {
  return readSamples(text).map(({ name, labels, value }) => ({ metricName: name, labels, value }));
}

/** Undefined when it does not answer: a gap in the readings, not a failure of the watch. */
async function scrape(url: string): Promise<string | undefined> {
  try {
    const response = await fetch(`${url}/metrics`, { signal: AbortSignal.timeout(SCRAPE_TIMEOUT_MS) });
    return response.ok ? await response.text() : undefined;
  } catch {
    return undefined;
  }
}

function linesOf(file: string | undefined): string[] {
  if (file === undefined || !existsSync(file)) return [];
  return readFileSync(file, 'utf8').trimEnd().split('\n');
}
