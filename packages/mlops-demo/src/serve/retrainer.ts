/**
 * Retrainer: the server's part in retraining (shell). It asks the monitor, lets a child train, and moves stages in the registry.
 *
 *   monitor's days ──→ decideRetraining ──→ `mlops retrain --train-only` ──→ shadow ──→ canary ──→ production
 *
 * Rule: the runner does the thinking (retrain/runner.ts). The clock is the flights' own: the newest departure that the feed has told of, as
 * a question may name any day. Without a feed nothing is retrained.
 */
import { join } from 'node:path';
import { withLock } from 'service-chassis/lock-file';
import { MOST_DATA_DAYS } from '../retrain.js';
import { readStages, StageRefused, transition } from '../registry/changes/store.js';
import { trainInChild } from '../retrain/child/process.js';
import type { Child } from '../retrain/child/process.js';
import { RetrainRunner } from '../retrain/runner.js';
import type { RunnerWorld, StageAction, StageRefusal, TrialEnd } from '../retrain/runner-world.js';
import { readRetrainState, RETRAIN_LOCK, writeRetrainState } from '../retrain/store.js';
import { RETRAINER } from '../retrain/take-over.js';
import { every } from './clock.js';
import type { Followers } from './followers.js';

const MS_PER_MINUTE = 60_000;

export interface RetrainerOptions {
  modelsDir: string;
  followers: Pick<Followers, 'models' | 'challenger'>;
  say: (sentence: string) => void;
  warn: (sentence: string) => void;
  tickMs?: number;
  /** See `RetrainSituation`. */
  mostDataDays?: number | undefined;
  /** Begins a training that may know this day (default: in a process of its own). */
  train?: ((dataThrough: string, at: string) => Child) | undefined;
}

export interface Retrainer {
  runner: RetrainRunner;
  state: () => ReturnType<typeof readRetrainState>;
  /** Resolves when the look that is under way has ended. */
  stop(): Promise<void>;
}

export function startRetrainer({
  modelsDir,
  followers,
  say,
  warn,
  tickMs = 5_000,
  mostDataDays = MOST_DATA_DAYS,
  train = (dataThrough, at) => trainInChild(modelsDir, dataThrough, at),
}: RetrainerOptions): Retrainer {
  let child: Child | undefined;
  const nowIso = (): string => new Date((newestMinute() ?? 0) * MS_PER_MINUTE).toISOString();
  const newestMinute = (): number | undefined => followers.models.serving()?.live.newestUtcMinute;

  const world: RunnerWorld = {
    exclusively: async (work) => withLock(join(modelsDir, RETRAIN_LOCK), work),
    read: async () => readRetrainState(modelsDir),
    write: async (state) => writeRetrainState(modelsDir, state),
    situation() {
      const serving = followers.models.serving();
      if (serving === undefined || newestMinute() === undefined) return undefined;
      const { windows } = serving.monitor;
      const { dataThrough } = serving.manifest;
      const flightsJudged = windows.judgedFlights;
      return { now: nowIso(), windows: windows.reports(), dataThrough, flightsJudged, mostDataDays };
    },
    async train(dataThrough) {
      child = train(dataThrough, nowIso());
      try {
        return await child.ended;
      } finally {
        child = undefined;
      }
    },
    stage: async (action, at) => giveStage(modelsDir, action, at),
    async standing(version) {
      const record = (await readStages(modelsDir)).find((each) => each.version === version);
      const refused = followers.challenger.refused();
      return {
        stage: record?.stage,
        by: record?.by,
        since: record?.since,
        refusal: refused?.version === version ? refused.because : undefined,
      };
    },
    tryAgain: () => followers.challenger.tryAgain(),
    trialEnd: () => trialEnd(followers),
    say,
  };
  const runner = new RetrainRunner(world);
  let ticking: Promise<void> | undefined;
  const stopTicks = every(tickMs, () => {
    ticking ??= tick().finally(() => (ticking = undefined));
  });
  async function tick(): Promise<void> {
    try {
      await runner.tick();
    } catch (error) {
      warn(`retrain: ${error instanceof Error ? error.message : String(error)}; trying again`);
    }
  }
  return {
    runner,
    state: async () => readRetrainState(modelsDir),
    async stop() {
      stopTicks();
      child?.stop();
      await ticking;
    },
  };
}

/** Moves a version in the registry, or answers why not. */
export async function giveStage(
  modelsDir: string,
  { do: _stage, ...change }: StageAction,
  at: string,
): Promise<StageRefusal | undefined> {
  try {
    await transition(modelsDir, { ...change, by: RETRAINER, at });
    return undefined;
  } catch (error) {
    if (error instanceof StageRefused) return { because: error.message, decidedBy: error.decidedBy };
    throw error;
  }
}

function trialEnd({ challenger }: RetrainerOptions['followers']): TrialEnd | undefined {
  const { record, trial } = challenger.challenge() ?? {};
  if (record === undefined || trial === undefined || (record.stage !== 'shadow' && record.stage !== 'canary'))
    return undefined;
  const { verdict } = trial.report();
  if (!verdict.finished) return undefined;
  return { version: record.version, stage: record.stage, kind: verdict.kind, because: verdict.because };
}
