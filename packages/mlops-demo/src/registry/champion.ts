/**
 * Champion: the model that a new one has to beat.
 *
 * in:  the manifest of the version in production, the outputs and the plan of a run → out: whether that run has made it
 *
 * Rule: the version that the alias names, through all checks of the registry. One that is damaged, or reads other inputs, is none: a run goes
 * on as without it and says so. A version that this very run has made has beaten its champion already: the one of its newest
 * promotion by a run (decided.ts), else the one that its manifest names.
 */
import { canonicalJson } from 'devops-demo/audit';
import type { FrozenTimetable } from '../features/frozen-timetable.js';
import type { DelayModel } from '../model.js';
import type { Plan } from '../plan.js';
import type { Given } from '../stage-cache/key.js';
import type { ModelManifest } from './manifest.js';

/** With its digest, as it stands in a comparison. */
export type Champion = LoadedChampion | { state: 'none'; digest: string; because: string };

export interface LoadedChampion {
  state: 'loaded';
  digest: string;
  version: string;
  /** The last day that it has learned anything from. */
  trainedThrough: string;
  model: DelayModel;
  /** Its own; undefined when it reads the last 14 days of landings. */
  timetable: FrozenTimetable | undefined;
}

export interface GivenChampion extends Given<Champion> {
  /** What is in production, whether it can be loaded or not. */
  version: string | undefined;
  /** It is what this run makes. */
  isOwn: boolean;
}

/** Nobody to beat. */
export const NO_CHAMPION: GivenChampion = {
  digest: 'none',
  value: () => Promise.resolve({ state: 'none', digest: 'none', because: 'nothing was in production' }),
  version: undefined,
  isOwn: false,
};

/** What names a version (register.ts), as far as it is known before a model is registered. */
export interface RunIdentity {
  plan: Pick<Plan, 'train' | 'dataThrough' | 'timetable'>;
  /** The digests of what the stages have made. */
  trained: string;
  data: string;
}

export function isOfRun({ lineage }: ModelManifest, { plan, trained, data }: RunIdentity): boolean {
  if (lineage === undefined) return false;
  const { stages } = lineage;
  const days = ({ train, dataThrough, timetable }: Record<string, unknown>): string =>
    canonicalJson({ train, dataThrough, timetable });
  return (
    stages['train']?.digest === trained &&
    stages['version']?.digest === data &&
    days(lineage.plan) === days({ ...plan })
  );
}
