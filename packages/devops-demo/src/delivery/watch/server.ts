/** Watches both versions during a window: scrapes their metrics, reads their logs, counts their restarts. */
import { readSamples } from 'service-chassis/exposition';
import { setTimeout as sleep } from 'node:timers/promises';
import type { CanaryWindow, WarmUp } from '../analyze.js';
import type { Slot } from '../instances.js';
import type { LogTemplate } from '../log-templates.js';
import { measure } from '../measure.js';
import type { Reading } from '../measure.js';
import { warmUpOf } from '../warm-up.js';
import { endOf } from './log/store.js';
import { createSaid } from './said/store.js';

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
  /** Once a second; the time is that of the wall clock, as processes tell when they were started. */
  look(now: number): Promise<void>;
  /** All that were made in a window of so many seconds that ends now. */
  readings(seconds: number): Promise<readonly Reading[]>;
};

/** Watches for so many seconds, or until the candidate dies. */
export async function watchBoth(
  primary: WatchedVersion,
  candidate: WatchedVersion,
  length: number,
  readingsOf: ReadingsOf = scrapedReadings,
  said = createSaid(),
): Promise<CanaryWindow> {
  const beganAt = performance.now();
  const seconds = () => (performance.now() - beganAt) / 1_000;
  const [ofPrimary, ofCandidate] = [observer(primary, readingsOf), observer(candidate, readingsOf)];
  const read = async () =>
    Promise.all([ofPrimary.look(Date.now() / 1_000), ofCandidate.look(Date.now() / 1_000)]);
  const saidUntil = candidate.logFile === undefined ? undefined : endOf(candidate.logFile);
  await read();
  while (seconds() < length && ofCandidate.restarts() === 0) {
    await sleep(Math.min(SCRAPE_EVERY_MS, Math.max(0, (length - seconds()) * 1_000)));
    await read();
  }
  const [primaryReadings, readings, fresh] = await Promise.all([
    ofPrimary.readings(seconds()),
    ofCandidate.readings(seconds()),
    said.newTemplates(primary.logFile, candidate.logFile, saidUntil),
  ]);
  const warmUp = warmUpOf(readings, primaryReadings);
  return {
    primary: ofPrimary.measured(primaryReadings, [], warmUp),
    canary: ofCandidate.measured(readings, fresh, warmUp),
    seconds: seconds(),
    warmUp,
  };
}

function observer(watched: WatchedVersion, readingsOf: ReadingsOf) {
  const { version, restarts } = watched;
  const source = readingsOf(watched);
  const restartsBefore = restarts();
  const since = () => restarts() - restartsBefore;
  return {
    ...source,
    restarts: since,
    measured: (readings: readonly Reading[], newLogTemplates: readonly LogTemplate[], { from }: WarmUp) =>
      measure({ version, readings, newLogTemplates, restarts: since(), warmFrom: from ?? Infinity }),
  };
}

/** The embedded source: asks each version itself. */
const scrapedReadings: ReadingsOf = ({ url }) => {
  const readings: Reading[] = [];
  return {
    async look(now) {
      const text = await scrape(url);
      if (text !== undefined) readings.push({ seconds: now, values: valuesOf(text) });
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
