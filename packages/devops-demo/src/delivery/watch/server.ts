/** Watches both versions during a window: scrapes their metrics, reads their logs, counts their restarts. */
import { existsSync, readFileSync } from 'node:fs';
import { readSamples } from 'service-chassis/exposition';
import { setTimeout as sleep } from 'node:timers/promises';
import type { CanaryWindow, WarmUp } from '../analyze.js';
import type { Slot } from '../instances.js';
import { newTemplates } from '../log-templates.js';
import type { LogTemplate } from '../log-templates.js';
import { measure } from '../measure.js';
import type { Reading } from '../measure.js';
import { answered, wasUp } from '../probes.js';
import { warmUpOf } from '../warm-up.js';

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
const MS_PER_SECOND = 1_000;

/** Where readings of metrics come from: one for each version and window. */
export type ReadingsOf = (watched: WatchedVersion) => {
  /** Once a second. */
  look(): Promise<void>;
  /** All that were made in a window of so many seconds that ends now. */
  readings(seconds: number): Promise<readonly Reading[]>;
};

/** Watches for so many seconds, or until the candidate dies. */
export async function watchBoth(
  primary: WatchedVersion,
  candidate: WatchedVersion,
  length: number,
  readingsOf: ReadingsOf = scrapedReadings(),
): Promise<CanaryWindow> {
  const beganAt = performance.now();
  const seconds = () => (performance.now() - beganAt) / MS_PER_SECOND;
  const [ofPrimary, ofCandidate] = [observer(primary, readingsOf), observer(candidate, readingsOf)];
  const saidBefore = linesOf(candidate.logFile).length;
  const over = new AbortController();
  // One that does not answer must not keep the other from being asked.
  const watchingPrimary = lookUntil(over.signal, ofPrimary);
  for (;;) {
    await ofCandidate.look();
    const restMs = (length - seconds()) * MS_PER_SECOND;
    if (restMs <= 0 || ofCandidate.restarts() > 0) break;
    await sleep(Math.min(SCRAPE_EVERY_MS, restMs));
  }
  over.abort();
  await watchingPrimary;
  const known = linesOf(primary.logFile);
  // Without the primary's log nothing can be called new.
  const said = known.length === 0 ? [] : linesOf(candidate.logFile).slice(saidBefore);
  const [primaryReadings, readings] = await Promise.all([
    ofPrimary.readings(seconds()),
    ofCandidate.readings(seconds()),
  ]);
  const warmUp = warmUpOf(answered(readings), answered(primaryReadings));
  const lasted = seconds();
  return {
    primary: ofPrimary.measured(primaryReadings, [], warmUp, lasted),
    canary: ofCandidate.measured(readings, newTemplates(known, said), warmUp, lasted),
    seconds: lasted,
    warmUp,
  };
}

/** Once a second, and once more at the end. */
async function lookUntil(over: AbortSignal, source: ReturnType<ReadingsOf>): Promise<void> {
  while (!over.aborted) {
    await source.look();
    await sleep(SCRAPE_EVERY_MS, undefined, { signal: over }).catch(() => undefined);
  }
  await source.look();
}

function observer(watched: WatchedVersion, readingsOf: ReadingsOf) {
  const { version, restarts } = watched;
  const source = readingsOf(watched);
  const restartsBefore = restarts();
  const since = () => restarts() - restartsBefore;
  return {
    ...source,
    restarts: since,
    measured: (
      readings: readonly Reading[],
      newLogTemplates: readonly LogTemplate[],
      { from }: WarmUp,
      seconds: number,
    ) =>
      measure({ version, readings, newLogTemplates, restarts: since(), seconds, warmFrom: from ?? Infinity }),
  };
}

/** The embedded source: asks each version itself. The time is that of the wall clock, as processes tell when they were started. */
export function scrapedReadings(timeoutMs = SCRAPE_TIMEOUT_MS): ReadingsOf {
  return ({ url }) => {
    const readings: Reading[] = [];
    return {
      async look() {
        const askedAt = Date.now() / MS_PER_SECOND;
        const text = await scrape(url, timeoutMs);
        readings.push(
          text === undefined
            ? { seconds: Date.now() / MS_PER_SECOND, values: [wasUp(false)] }
            : { seconds: askedAt, values: [...valuesOf(text), wasUp(true)] },
        );
      },
      readings: async () => Promise.resolve(readings),
    };
  };
}

/** In the form that prom-client gives them. */
function valuesOf(text: string): Reading['values'] {
  return readSamples(text).map(({ name, labels, value }) => ({ metricName: name, labels, value }));
}

/** Undefined when it does not answer: that is for the analysis to judge, not a failure of the watch. */
async function scrape(url: string, timeoutMs: number): Promise<string | undefined> {
  try {
    const response = await fetch(`${url}/metrics`, { signal: AbortSignal.timeout(timeoutMs) });
    return response.ok ? await response.text() : undefined;
  } catch {
    return undefined;
  }
}

function linesOf(file: string | undefined): string[] {
  if (file === undefined || !existsSync(file)) return [];
  return readFileSync(file, 'utf8').trimEnd().split('\n');
}
