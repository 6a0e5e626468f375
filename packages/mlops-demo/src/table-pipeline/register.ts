/**
 * Register, of a table: a model that passed its gate becomes an artifact that the registry keeps like any other.
 *
 * in:  TableTask, a run that passed, circumstances → out: TableArtifact: network, examined rows, manifest
 *
 * Rule: named by the last examined day and by the digest of network, normaliser, calibration and rows: the same run gives the same version. At
 * most 2,000 examined rows go along, evenly: later windows are compared with them.
 *
 * When it misleads: a task's functions (inputs, target) are code and not in the digest; their names and the version of the package are.
 */
import { createHash } from 'node:crypto';
import { dateOf } from '../flights.js';
import { saveNetwork } from '../model.js';
import type { TableArtifact, TableFile } from '../registry/any-manifest.js';
import { digestOf } from '../registry/digest.js';
import type { TableRun, TableTask } from '../table-pipeline.js';
import { UNCALIBRATED } from '../train/platt-scaling.js';
import { rowsInMemory, thinnedRows } from '../train/training-rows.js';
import { packReference } from './reference.js';

const REFERENCE_ROWS = 2_000;

export interface TableCircumstances {
  createdAt: string;
  backend: string;
  /** Of Node and the libraries. */
  versions: Readonly<Record<string, string>>;
}

type Passed = Extract<TableRun, { state: 'passed' }>;

export async function makeTableArtifact<Row>(
  task: TableTask<Row>,
  { validated, data, parts, trained, evaluated, gated }: Passed,
  { createdAt, backend, versions }: TableCircumstances,
): Promise<TableArtifact> {
  const { network, normaliser, calibration = UNCALIBRATED } = trained.model;
  const features = Object.keys(task.features);
  const examined = thinnedRows(rowsInMemory(parts.test, features.length), REFERENCE_ROWS);
  const reference = packReference(examined);
  const files = { ...(await saveNetwork(network)), 'reference.json': reference };
  const identity = createHash('sha256');
  for (const file of Object.values(files)) identity.update(file);
  identity.update(JSON.stringify([normaliser, calibration, data.sha256]));
  const dayOf = (days: Uint16Array, at: number): string => dateOf(days.at(at) ?? 0);
  const dataThrough = dayOf(parts.test.days, -1);
  const digest = (name: TableFile): { sha256: string; bytes: number } => digestOf(files[name]);
  const { name, trainThrough, seed, epochs, hyperparameters, limits } = task;
  return {
    files,
    manifest: {
      kind: 'table',
      table: name,
      version: `${dataThrough}-${identity.digest('hex').slice(0, 8)}`,
      createdAt,
      seed,
      backend,
      trainedFrom: dayOf(parts.train.days, 0),
      trainedThrough: dayOf(parts.train.days, -1),
      trainedRows: parts.train.labels.length,
      dataThrough,
      data: { version: data.version, rows: validated.rows.length, source: `table ${name}` },
      features,
      normaliser,
      calibration,
      evaluations: [{ period: `${dayOf(parts.test.days, 0)} to ${dataThrough}`, ...evaluated }],
      gate: gated,
      files: {
        'model.json': digest('model.json'),
        'weights.bin': digest('weights.bin'),
        'reference.json': digest('reference.json'),
      },
      lineage: {
        rows: data.sha256,
        task: { name, features, trainThrough, seed, epochs, hyperparameters, limits },
        versions: { ...versions },
      },
    },
  };
}
