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

export interface Watch {
  /** Watches for so long, or until the candidate dies; answers for all the time since the watch began. */
  window(seconds: number): Promise<CanaryWindow>;
}

const SCRAPE_EVERY_MS = 1_000;
const SCRAPE_TIMEOUT_MS = 5_000;
/** Two megabytes hold some ten thousand lines. */
const LOG_TAIL_CHARACTERS = 2_000_000;

export function watchBoth(primary: WatchedVersion, candidate: WatchedVersion): Watch {
  const beganAt = performance.now();
  const [ofPrimary, ofCandidate] = [observer(primary), observer(candidate)];
  const seconds = () => (performance.now() - beganAt) / 1_000;
  const read = async () => Promise.all([ofPrimary.read(seconds()), ofCandidate.read(seconds())]);
  return {
    async window(length) {
      const end = seconds() + length;
      await read();
      while (seconds() < end && ofCandidate.restarts() === 0) {
        await sleep(Math.min(SCRAPE_EVERY_MS, Math.max(0, (end - seconds()) * 1_000)));
        await read();
      }
      const news = newTemplates(linesOf(primary.logFile), linesOf(primary.logFile && candidate.logFile));
      return { primary: ofPrimary.measured([]), canary: ofCandidate.measured(news), seconds: seconds() };
    },
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
  return readFileSync(file, 'utf8').slice(-LOG_TAIL_CHARACTERS).split('\n');
}
