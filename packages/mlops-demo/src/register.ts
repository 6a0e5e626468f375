/**
 * Stage 10, register: put the model into the registry, with everything one needs to trust and to serve it.
 *
 * in:  the results of all stages before → out: Artifact (files and manifest), which the registry's store keeps
 *
 * Rule: a version is named by the last day of its data and by the digest of its network, normaliser, calibration, timetable and data: the same run gives the
 * same version. The artifact brings the last 15 days of flights, from which a server warms its features.
 *
 * When it misleads: `createdAt` and the backend are not part of the name; the weights are, and they differ between backends.
 *
 * Source: E. Breck and others, "The ML Test Score" (2017), Infra 1: training is reproducible.
 *
 * Example: `2001-01-31-fda544fb`
 */
import { createHash } from 'node:crypto';
import { countOf, landingAt } from './data/columns.js';
import type { FlightColumns } from './data/columns.js';
import type { Evaluated } from './evaluate.js';
import { fitTimetable } from './features/fit-timetable.js';
import { FEATURE_NAMES } from './features/names.js';
import { describeTimetable, timetableDay } from './features/timetable-choice.js';
import { packTimetable } from './features/timetable-file.js';
import { dayNumber, dayOf } from './flights.js';
import type { LandingMinutes } from './flights.js';
import type { GateReport } from './gate.js';
import { saveNetwork } from './model.js';
import type { Plan } from './plan.js';
import { HISTORY_DAYS, packHistory } from './registry/history.js';
import type { Lineage } from './registry/lineage.js';
import type { Artifact, ArtifactFile, Comparison } from './registry/manifest.js';
import type { Split } from './split.js';
import { UNCALIBRATED } from './train/platt-scaling.js';
import type { Trained } from './train.js';
import type { DataVersion } from './version.js';

/** What the stages before have found. */
export interface RunResults {
  plan: Plan;
  backend: string;
  clean: { flights: FlightColumns };
  data: DataVersion;
  parts: Split;
  trained: Trained;
  evaluated: Evaluated;
  compared: Comparison;
  gated: GateReport;
}

/** Circumstances that the results do not hold. */
export interface Circumstances {
  createdAt: string;
  lineage: Lineage;
}

/** Builds the artifact. */
export async function makeArtifact(
  results: RunResults,
  { createdAt, lineage }: Circumstances,
): Promise<Artifact> {
  const { plan, backend, clean, data, parts, trained, evaluated, compared, gated } = results;
  const { network, normaliser, calibration = UNCALIBRATED } = trained.model;
  const history = packHistory(lastDays(clean.flights, plan.dataThrough));
  const timetable = packTimetable(fitTimetable(clean.flights, timetableDay(plan)));
  const files = { ...(await saveNetwork(network)), 'timetable.bin': timetable, 'history.csv.gz': history };
  const identity = [
    files['model.json'],
    files['weights.bin'],
    timetable,
    plan.timetable,
    JSON.stringify([normaliser, calibration]),
    data.sha256,
  ];
  return {
    files,
    manifest: {
      version: `${plan.dataThrough}-${sha256(...identity).slice(0, 8)}`,
      createdAt,
      seed: plan.seed,
      backend,
      trainedFrom: plan.train.from,
      trainedThrough: plan.train.through,
      trainedRows: parts.train.length,
      dataThrough: plan.dataThrough,
      data: { version: data.version, rows: data.rows, source: data.source },
      features: [...FEATURE_NAMES],
      timetable: describeTimetable(plan),
      normaliser,
      calibration,
      evaluations: evaluated.evaluations,
      baseRate: evaluated.baseRate,
      comparison: compared,
      gate: gated,
      riskHistogram: evaluated.riskHistogram,
      files: {
        'model.json': digest(files, 'model.json'),
        'weights.bin': digest(files, 'weights.bin'),
        'timetable.bin': digest(files, 'timetable.bin'),
        'history.csv.gz': digest(files, 'history.csv.gz'),
      },
      lineage,
    },
  };
}

function* lastDays(flights: FlightColumns, through: string): Generator<LandingMinutes> {
  const last = dayNumber(through);
  for (let position = 0; position < countOf(flights); position++) {
    const day = dayOf(flights.localMinutes[position]!);
    if (day > last - HISTORY_DAYS && day <= last) yield landingAt(flights, position);
  }
}

function digest(
  files: Record<ArtifactFile, Uint8Array>,
  name: ArtifactFile,
): { sha256: string; bytes: number } {
  return { sha256: sha256(files[name]), bytes: files[name].byteLength };
}

function sha256(...parts: (string | Uint8Array)[]): string {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest('hex');
}
