/**
 * Train a challenger: the pipeline up to the registry, and the comparison with the champion.
 *
 * in:  the last day it may know, the model in production → out: registered, or refused, with the reason
 *
 * Rule: what the gate refuses is not registered. What is registered and not better than the champion is archived at once.
 */
import type { FlightColumns } from '../../data/columns.js';
import type { AttemptNews } from '../attempt.js';
import { scoreBatch, weightBytes } from '../../model.js';
import type { Watcher } from '../../monitor/flight-watch.js';
import { runPipeline } from '../../pipeline.js';
import type { Plan } from '../../plan.js';
import { hasModel, loadModel, productionVersion, registerModel, transition } from '../../registry/store.js';
import { givenAirports, givenBackend, givenFlights, versionsHere } from '../../stage-cache/given/store.js';
import { keepNewestRuns } from '../../stage-cache/runs/store.js';
import type { StageEntry } from '../../stage-cache/stage-cache.js';
import { openStageCache } from '../../stage-cache/store.js';
import { createStageRunner } from '../../stage-runner.js';
import type { StageChange } from '../../stage-runner/run-report.js';
import { examine } from '../examine.js';

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
        production: () => productionVersion(modelsDir),
        promote: () => Promise.reject(new Error('a challenger is promoted by its canary')),
      },
    });
    await keepNewestRuns(modelsDir, used);
    if (outcome.state === 'batch refused') return refused((await outcome.validated.value()).because);
    const gated = await outcome.gated.value();
    if (outcome.state !== 'registered') return refused(`the gate: ${gated.because}`);
    const { version } = await outcome.registered.value();
    const validated = await outcome.validated.value();
    if (validated.state === 'failed') return refused(validated.because);
    return await compare({ modelsDir, plan, at, version, flights: validated.flights, gate: gated.because });
  } finally {
    await flights.close();
  }
}

interface Comparison extends Pick<TrainRequest, 'modelsDir' | 'plan' | 'at'> {
  version: string;
  flights: FlightColumns;
  gate: string;
}

async function compare({ modelsDir, plan, at, version, flights, gate }: Comparison): Promise<TrainedNews> {
  const production = await productionVersion(modelsDir);
  if (production === version) return refused(`${version} is in production already: the same bytes`);
  const champion = production === undefined ? undefined : await loadWatcher(modelsDir, production);
  if (champion === undefined) {
    return {
      what: 'trained',
      state: 'registered',
      version,
      because: `${gate}; there is no champion to beat`,
    };
  }
  const challenger = await loadWatcher(modelsDir, version);
  const [test] = plan.tests;
  if (challenger === undefined || test === undefined) return refused(`${version} cannot be loaded`);
  const found = examine(flights, test, champion, challenger);
  if (found.state === 'better') {
    return { what: 'trained', state: 'registered', version, because: `${gate}; ${found.because}` };
  }
  const because = `${found.state} than the champion on ${test.period}: ${found.because}`.replace(
    'equal than',
    'equal to',
  );
  await transition(modelsDir, { version, to: 'archived', by: 'retrain', because, at });
  return refused(because);
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
