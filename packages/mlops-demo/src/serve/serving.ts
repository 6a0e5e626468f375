/**
 * Serving: what the server answers with, and how a model out of the registry becomes it.
 *
 * in:  a loaded model, and what is being served already
 * out: Serving, ready to answer: probed, its features warm and at the end of the feed
 *
 * Rule: everything is prepared beside the old one, which goes on answering; taking over is one assignment. Streaming features
 * belong to the world, not to a model: a new model inherits them, unless its history reaches further than they do. A frozen timetable
 * belongs to the model: two models may read the same world with two tables.
 *
 * When it misleads: where the board is away, "at the end of the feed" means as far as it could be read.
 */
import { FEATURE_NAMES } from '../features/names.js';
import { FlightFeatures } from '../features/flight-features.js';
import { dayNumber } from '../flights.js';
import type { DelayModel } from '../model.js';
import { HISTORY_DAYS } from '../registry/history.js';
import type { ModelManifest } from '../registry/manifest.js';
import type { LoadedModel } from '../registry/store.js';
import { LiveFeatures } from './live-features.js';
import { Monitor } from './monitor.js';
import { predict } from './predict.js';
import { recallHistory } from './recall-history.js';

/** A model at work. */
export interface Serving {
  manifest: ModelManifest;
  model: DelayModel;
  live: LiveFeatures;
  /** The live features as this model reads them: with its own timetable, if it has one. */
  features: FlightFeatures;
  monitor: Monitor;
  /** Its own, or none: then the last days of landings. */
  timetable: Loaded['timetable'];
  /** ISO 8601. */
  since: string;
}

type Loaded = Extract<LoadedModel, { state: 'loaded' }>;

export interface Preparation {
  loaded: Loaded;
  /** What serves now. */
  serving: Serving | undefined;
  /** The bytes of `history.csv.gz`. */
  history: (manifest: ModelManifest) => Promise<Uint8Array>;
  /** Brings new features to the end of the feed. */
  catchUp: (live: LiveFeatures) => Promise<void>;
  breathe: () => Promise<void>;
  since: () => string;
}

/** Makes a loaded model ready to take over. */
export async function prepare(preparation: Preparation): Promise<Serving> {
  const { loaded, serving } = preparation;
  const { manifest, model, timetable } = loaded;
  const through = dayNumber(manifest.dataThrough);
  let live = serving?.live;
  if (live === undefined || live.throughDay < through) {
    live = new LiveFeatures({ from: through - HISTORY_DAYS + 1, through });
    await recallHistory(live, await preparation.history(manifest), preparation.breathe);
    await preparation.catchUp(live);
  }
  const features = live.features.withTimetable(timetable);
  return {
    manifest,
    model,
    live,
    features,
    monitor: new Monitor(manifest, features, () => live.newestUtcMinute),
    timetable,
    since: preparation.since(),
  };
}

/** A challenger sees the world that the champion sees, with its own timetable. Its days are not watched: its trial is. */
export function besideChampion(
  { manifest, model, timetable }: Loaded,
  { live }: Serving,
  since: string,
): Serving {
  const features = live.features.withTimetable(timetable);
  return { manifest, model, live, features, monitor: new Monitor(manifest), timetable, since };
}

/** Why a model cannot serve, or undefined when it can: the right inputs, and a probability for an ordinary question. */
export function troubleWith({ manifest, model }: Pick<Loaded, 'manifest' | 'model'>): string | undefined {
  const unlike = FEATURE_NAMES.findIndex((name, index) => manifest.features[index] !== name);
  if (unlike >= 0 || manifest.features.length !== FEATURE_NAMES.length) {
    const index = unlike >= 0 ? unlike : FEATURE_NAMES.length;
    const [there, here] = [manifest.features[index] ?? 'nothing', FEATURE_NAMES[index] ?? 'nothing'];
    return `its input ${index + 1} is '${there}', this server computes '${here}'`;
  }
  const question = {
    origin: 'ATL',
    destination: 'SAV',
    utcMinutes: 16_350_000,
    localMinutes: 16_349_700,
    distanceMiles: 215,
  };
  const risk = predict(model, new FlightFeatures(), [question])[0] ?? NaN;
  return risk >= 0 && risk <= 1
    ? undefined
    : `it answers ${risk} to an ordinary question, which is no probability`;
}
