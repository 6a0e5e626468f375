/**
 * Train a challenger: the pipeline up to the registry.
 *
 * in:  the last day it may know, the model in production → out: registered, or refused, with the reason
 *
 * Rule: what the gate refuses is not registered: neither what breaks a limit nor what is not better than the model in production (compare.ts).
 */
import type { AttemptNews } from '../attempt.js';
import { scoreBatch, weightBytes } from '../../model.js';
import type { Watcher } from '../../monitor/flight-watch.js';
import { runPipeline } from '../../pipeline.js';
import type { Plan } from '../../plan.js';
import { championFor } from '../../registry/champion/store.js';
import { readRecord, registerModel } from '../../registry/changes/store.js';
import { hasModel, loadModel, productionVersion } from '../../registry/store.js';
import { givenAirports, givenBackend, givenFlights, versionsHere } from '../../stage-cache/given/store.js';
import { keepNewestRuns } from '../../stage-cache/runs/store.js';
import type { StageEntry } from '../../stage-cache/stage-cache.js';
import { openStageCache } from '../../stage-cache/store.js';
import { createStageRunner } from '../../stage-runner.js';
import type { StageChange } from '../../stage-runner/run-report.js';

export type TrainedNews = AttemptNews & { what: 'trained' };

export interface TrainRequest {
  modelsDir: string;
  plan: Plan;
  /** ISO 8601, for the registry. */
  at: string;
  onChange: (change: StageChange) => void;
}

export async function trainChallenger({ modelsDir, plan, at, onChange }: TrainRequest): Promise<TrainedNews> {
  const flights = givenFlights();
  const used: StageEntry[] = [];
  let champion: string | null = null;
  try {
    const outcome = await runPipeline(plan, {
      flights,
      airports: givenAirports(),
      backend: givenBackend(process.env['TRIOPS_TFJS_BACKEND']),
      createdAt: at,
      versions: versionsHere(),
      until: 'register',
      ...createStageRunner({
        now: Date.now,
        cache: openStageCache(modelsDir, (entry) => used.push(entry)),
        onChange,
      }),
      registry: {
        register: (artifact) => registerModel(modelsDir, artifact),
        has: (version) => hasModel(modelsDir, version),
        champion: async (run) => {
          const given = await championFor(modelsDir, run);
          champion = given.version ?? null;
          return given;
        },
        production: () => productionVersion(modelsDir),
        record: (version) => readRecord(modelsDir, version),
        promote: () => Promise.reject(new Error('a challenger is promoted by its canary')),
      },
    });
    await keepNewestRuns(modelsDir, used);
    if (outcome.state === 'batch refused') return refused((await outcome.validated.value()).because);
    const gated = await outcome.gated.value();
    if (outcome.state !== 'registered') return refused(`the gate: ${gated.because}`);
    const { version } = await outcome.registered.value();
    if (version === (await productionVersion(modelsDir)))
      return refused(`${version} is in production already: the same bytes`);
    return { what: 'trained', state: 'registered', version, champion, because: gated.because };
  } finally {
    await flights.close();
  }
}

/** A registered model as one that watches; undefined where it cannot be loaded. */
export async function loadWatcher(
  modelsDir: string,
  version: string,
): Promise<(Watcher & { dataThrough: string; trainedThrough: string; weightBytes: number }) | undefined> {
  const loaded = await loadModel(modelsDir, version);
  if (loaded.state !== 'loaded') return undefined;
  const { manifest, model, timetable } = loaded;
  return {
    name: version,
    dataThrough: manifest.dataThrough,
    trainedThrough: manifest.trainedThrough,
    weightBytes: weightBytes(model),
    view: (world) => world.withTimetable(timetable),
    score: (rows) => scoreBatch(model, rows),
  };
}

function refused(because: string): TrainedNews {
  return { what: 'trained', state: 'refused', because };
}
