/** Watches both versions during a window: scrapes their metrics, reads their logs, counts their restarts. */
import { setTimeout as sleep } from 'node:timers/promises';
import { counterIncrease } from 'service-chassis/counter-increase';
import type { CanaryWindow } from '../analyze.js';
import type { Gateway } from '../gateway.js';
import type { Slot } from '../instances.js';
import { measure } from '../measure.js';
import type { Reading, Watched } from '../measure.js';
import { answered } from '../probes.js';
import { warmUpOf } from '../warm-up.js';
import { endOf } from './log/store.js';
import { createSaid } from './said/store.js';
import type { Said } from './said/store.js';
import { scrapedReadings } from './scraped/server.js';

export interface WatchedVersion {
  readonly version: string;
  readonly slot: Slot;
  readonly url: string;
  /** Undefined when it was started by others. */
  readonly logFile: string | undefined;
  readonly restarts: () => number;
}

const SCRAPE_EVERY_MS = 1_000;
const MS_PER_SECOND = 1_000;

/** Where readings of metrics come from: one for each version and window. */
export type ReadingsOf = (watched: WatchedVersion) => {
  /** Once a second. */
  look(): Promise<void>;
  /** All that were made in a window of so many seconds that ends now. */
  readings(seconds: number): Promise<readonly Reading[]>;
};

export interface Sources {
  /** Absent: the versions themselves. */
  readonly readingsOf?: ReadingsOf | undefined;
  readonly unanswered?: Gateway['unanswered'];
  /** What was said in earlier windows; absent: there were none. */
  readonly said?: Said;
}

/** Watches for so many seconds, or until the candidate dies. */
export async function watchBoth(
  primary: WatchedVersion,
  candidate: WatchedVersion,
  length: number,
  { readingsOf = scrapedReadings(), unanswered, said = createSaid() }: Sources = {},
): Promise<CanaryWindow> {
  const beganAt = performance.now();
  const seconds = () => (performance.now() - beganAt) / MS_PER_SECOND;
  const [ofPrimary, ofCandidate] = [observer(primary, readingsOf), observer(candidate, readingsOf)];
  const saidUntil = candidate.logFile === undefined ? undefined : endOf(candidate.logFile);
  const unansweredBefore = await toldBy(unanswered);
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
  const [primaryReadings, readings, fresh] = await Promise.all([
    ofPrimary.readings(seconds()),
    ofCandidate.readings(seconds()),
    said.newTemplates(primary.logFile, candidate.logFile, saidUntil),
  ]);
  const warmUp = warmUpOf(answered(readings), answered(primaryReadings));
  const unansweredNow = await toldBy(unanswered);
  const both = { seconds: seconds(), warmFrom: warmUp.from ?? Infinity };
  // From a gateway that did not tell nothing follows.
  const since = (slot: Slot) =>
    unansweredBefore === undefined || unansweredNow === undefined
      ? 0
      : counterIncrease(unansweredBefore.get(slot) ?? 0, unansweredNow.get(slot) ?? 0);
  return {
    primary: ofPrimary.measured({
      ...both,
      readings: primaryReadings,
      newLogTemplates: [],
      unanswered: since(primary.slot),
    }),
    canary: ofCandidate.measured({
      ...both,
      readings,
      newLogTemplates: fresh,
      unanswered: since(candidate.slot),
    }),
    seconds: both.seconds,
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
    measured: (seen: Omit<Watched, 'version' | 'restarts'>) =>
      measure({ version, restarts: since(), ...seen }),
  };
}

/** Undefined when the gateway does not tell: that says nothing about the new version. */
async function toldBy(unanswered: Gateway['unanswered']): Promise<ReadonlyMap<string, number> | undefined> {
  return unanswered?.().catch(() => undefined);
}
