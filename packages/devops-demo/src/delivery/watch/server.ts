/** Watches both versions during a window: scrapes their metrics, reads their logs, counts their restarts. */
import { existsSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { CanaryWindow } from '../analyze.js';
import { readExposition } from '../exposition.js';
import { newTemplates } from '../log-templates.js';
import { measure } from '../measure.js';
import type { Reading } from '../measure.js';

export interface WatchedVersion {
  readonly version: string;
  readonly url: string;
  /** Undefined when it was started by others. */
  readonly logFile: string | undefined;
  readonly restarts: () => number;
}

const SCRAPE_EVERY_MS = 1_000;
const SCRAPE_TIMEOUT_MS = 5_000;

/** Watches for so many seconds, or until the candidate dies. */
export async function watchBoth(
  primary: WatchedVersion,
  candidate: WatchedVersion,
  length: number,
): Promise<CanaryWindow> {
  const beganAt = performance.now();
  const seconds = () => (performance.now() - beganAt) / 1_000;
  const [ofPrimary, ofCandidate] = [observer(primary), observer(candidate)];
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
    primary: ofPrimary.measured([]),
    canary: ofCandidate.measured(newTemplates(known, said)),
    seconds: seconds(),
  };
}

function observer({ version, url, restarts }: WatchedVersion) {
  const readings: Reading[] = [];
  const restartsBefore = restarts();
  const since = () => restarts() - restartsBefore;
  return {
    restarts: since,
    async read(seconds: number) {
      const text = await scrape(url);
      if (text !== undefined) readings.push({ seconds, values: readExposition(text) });
    },
    measured: (newLogTemplates: Parameters<typeof measure>[0]['newLogTemplates']) =>
      measure({ version, readings, newLogTemplates, restarts: since() }),
  };
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
