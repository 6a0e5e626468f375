/** The deeds of the controller: what "verify", "start", "shift", "observe", "retire" and "stop" do in earnest. */
import { setTimeout as sleep } from 'node:timers/promises';
import { messageOf } from 'service-chassis/reason-of';
import { analysisRun } from '../analysis/analysis-run.js';
import type { AnalysisRun } from '../analysis/analysis-run.js';
import type { CanaryWindow } from '../analyze.js';
import type { Gateway } from '../gateway.js';
import type { Instances, InstancesOptions } from '../instances/process.js';
import { createInstances } from '../instances/process.js';
import { SLOTS, otherSlot } from '../instances.js';
import type { Slot } from '../instances.js';
import type { Action, Event, Release, Version } from '../release.js';
import { advance, isFinal, windowsOfStep } from '../release.js';
import { watchBoth } from '../watch/server.js';
import { createSaid } from '../watch/said/store.js';
import type { ReadingsOf } from '../watch/server.js';
import type { Deeds } from './controller.js';
import { runRelease } from './controller.js';
import { whyRefused } from './refusal/store.js';
import { shiftingTraffic } from './shift/process.js';
import { unobserved } from './unobserved.js';

export interface ReleaserOptions extends InstancesOptions {
  readonly gateway: Gateway;
  readonly databaseUrl: string;
  readonly windowSeconds: number;
  /** Judges the windows of a step; another judge than the analysis is for trying out what follows a verdict. */
  readonly judge?: (windows: readonly CanaryWindow[]) => AnalysisRun;
  readonly save: Deeds['save'];
  /** Other places than processes of this machine. */
  readonly instances?: Instances;
  /** Another source of metrics than the versions themselves. */
  readonly readingsOf?: ReadingsOf;
}

/** Longer windows make a release slow, shorter ones are without verdict more often. */
export const WINDOW_SECONDS = 20;
const VERSION_TIMEOUT_MS = 3_000;
export function createReleaser(options: ReleaserOptions) {
  const { gateway, judge = analysisRun } = options;
  const { instances = createInstances(options) } = options;
  const traffic = shiftingTraffic(gateway, instances);
  const said = createSaid();

  const deeds: Deeds = {
    save: options.save,
    now: () => new Date().toISOString(),
    pause: sleep,
    perform: async (action, release) => perform(action, release),
  };

  async function perform(action: Action, release: Release): Promise<Event> {
    const { slots } = release;
    if (action.do === 'observe') return traffic.whileRenewing(release, async () => observeOrWait(release));
    if (action.do === 'verify') {
      const because = await whyRefused(release, options);
      return because === undefined ? { kind: 'done' } : { kind: 'failed', because };
    }
    if (action.do === 'start') await start(release);
    if (action.do === 'shift') await traffic.shift(release, action.weight);
    if (action.do === 'retire' && isOurs(release)) await instances.stop(slots.primary);
    if (action.do === 'stop') await instances.stop(slots.candidate);
    return { kind: 'done' };
  }

  /** First the gateway is told that the new slot gets nothing, whatever it was told before. */
  async function start(release: Release): Promise<void> {
    const { slots, candidate } = release;
    await traffic.shift(release, 0);
    await instances.start(slots.candidate, candidate.digest ?? '');
  }

  async function observe(release: Release): Promise<Event> {
    const { primary, primaryUrl, slots, candidate } = release;
    const fresh = instances.record(slots.candidate);
    const window = await watchBoth(
      {
        version: primary.version,
        slot: slots.primary,
        url: primaryUrl,
        logFile: isOurs(release) ? instances.record(slots.primary)?.logFile : undefined,
        restarts: () => instances.restarts(slots.primary),
      },
      {
        version: candidate.version,
        slot: slots.candidate,
        url: fresh?.url ?? '',
        logFile: fresh?.logFile,
        restarts: () => instances.restarts(slots.candidate),
      },
      options.windowSeconds,
      options.readingsOf,
      said,
    );
    return { kind: 'observed', window, run: judge([...windowsOfStep(release), window]) };
  }

  /** An observer that fails says nothing about the new version: a window without a request, and no verdict. */
  async function observeOrWait(release: Release): Promise<Event> {
    try {
      return await observe(release);
    } catch (error) {
      await sleep(options.windowSeconds * 1_000);
      return unobserved(release, messageOf(error), judge);
    }
  }

  /** What others started is for others to stop; it only gets no traffic any more. */
  function isOurs({ slots, primaryUrl }: Release): boolean {
    return instances.record(slots.primary)?.url === primaryUrl;
  }

  async function primaryNow(): Promise<{ primary: Version; url: string; slot: Slot }> {
    const backends = [...(await gateway.backends())].sort((a, b) => b.weight - a.weight);
    const [first] = backends;
    const slot = SLOTS.find((name) => name === first?.name);
    if (first === undefined || slot === undefined) {
      throw new Error('release: the gateway has no version yet; devops gateway starts the first');
    }
    const record = instances.record(slot);
    if (record?.url === first.url) return { primary: versionOf(record), url: first.url, slot };
    const response = await fetch(`${first.url}/version`, { signal: AbortSignal.timeout(VERSION_TIMEOUT_MS) });
    if (!response.ok)
      throw new Error(`release: expected the version at ${first.url}, got ${response.status}`);
    const { version, commit } = (await response.json()) as { version: string; commit: string };
    return { primary: { version, commit, digest: null }, url: first.url, slot };
  }

  return {
    /** Brings a release that was left unfinished to its end. */
    async settle(release: Release): Promise<Release> {
      if (isFinal(release.phase)) return release;
      const candidateRuns = await instances.isReady(release.slots.candidate);
      return runRelease(advance(release, { kind: 'resumed', candidateRuns }, deeds.now()), deeds);
    },
    /** Releases an artifact. */
    async release(candidate: Version): Promise<Release> {
      const { primary, url, slot } = await primaryNow();
      const now = deeds.now();
      return runRelease(
        {
          id: `${now.replaceAll(/[:.]/g, '-')}-${(candidate.digest ?? '').slice(0, 8)}`,
          startedAt: now,
          updatedAt: now,
          candidate,
          primary,
          primaryUrl: url,
          slots: { candidate: otherSlot(slot), primary: slot },
          phase: 'verifying',
          step: 0,
          because: 'it has begun',
          judged: [],
        },
        deeds,
      );
    },
  };
}

export function versionOf({
  version,
  commit,
  digest,
}: {
  version: string;
  commit: string;
  digest: string;
}): Version {
  return { version, commit, digest };
}
