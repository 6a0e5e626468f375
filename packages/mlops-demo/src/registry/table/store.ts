/** Models of other tables in the registry: the same folder, digests, signatures, stages and audit log as the flights' models. */
import type { DelayModel } from '../../model.js';
import { versionsHere } from '../../stage-cache/given/store.js';
import type { TableRun, TableTask } from '../../table-pipeline.js';
import { unpackReference } from '../../table-pipeline/reference.js';
import type { Stretch } from '../../train/training-rows.js';
import { isOfTable } from '../any-manifest.js';
import type { TableManifest } from '../any-manifest.js';
import { PRODUCTION } from '../state/store.js';
import { registerModel } from '../changes/store.js';
import type { Registered } from '../changes/store.js';
import { productionVersion, readVersion } from '../store.js';

export type LoadedTableModel =
  | { state: 'loaded'; manifest: TableManifest; model: DelayModel; reference: Stretch }
  | { state: 'absent'; because: string }
  | { state: 'refused'; because: string };

/** Adds the model of a run that passed its gate, as a candidate. */
export async function registerTable<Row>(
  modelsDir: string,
  task: TableTask<Row>,
  run: Extract<TableRun, { state: 'passed' }>,
  backend: string,
): Promise<Registered> {
  const { makeTableArtifact } = await import('../../table-pipeline/register.js');
  const circumstances = { createdAt: new Date().toISOString(), backend, versions: versionsHere() };
  return registerModel(modelsDir, await makeTableArtifact(task, run, circumstances));
}

/** Loads a version, or the one in production, onto the backend that is set; every byte is checked first. */
export async function loadTableModel(
  modelsDir: string,
  table: string,
  name: string = PRODUCTION,
): Promise<LoadedTableModel> {
  const version = name === PRODUCTION ? await productionVersion(modelsDir) : name;
  if (version === undefined) return { state: 'absent', because: 'no model is in production yet' };
  const read = await readVersion(modelsDir, version);
  if (read.state !== 'sound') return read;
  const { artifact } = read;
  if (!isOfTable(artifact))
    return { state: 'refused', because: `${version} is a model of flights, not of the table '${table}'` };
  const { manifest, files } = artifact;
  if (manifest.table !== table)
    return {
      state: 'refused',
      because: `${version} is a model of the table '${manifest.table}', not of '${table}'`,
    };
  const { loadNetwork } = await import('../../model.js');
  const { normaliser, calibration } = manifest;
  const model = { network: await loadNetwork(files), normaliser, calibration };
  return { state: 'loaded', manifest, model, reference: unpackReference(files['reference.json']) };
}
