/** The champion on disk: what `production` names, as something that a run can be given. Its network is loaded when a stage needs it. */
import { createHash } from 'node:crypto';
import { canonicalJson } from 'devops-demo/audit';
import { FEATURE_NAMES } from '../../features/names.js';
import type { Given } from '../../stage-cache/key.js';
import { isOfRun, NO_CHAMPION } from '../champion.js';
import type { Champion, GivenChampion, RunIdentity } from '../champion.js';
import { readRecord } from '../changes/store.js';
import type { ModelManifest } from '../manifest.js';
import { loadModel, productionVersion, readModel } from '../store.js';

export async function championFor(modelsDir: string, run: RunIdentity): Promise<GivenChampion> {
  const version = await productionVersion(modelsDir);
  if (version === undefined) return NO_CHAMPION;
  const given = { version, isOwn: false };
  const read = await readModel(modelsDir, version);
  if (read.state !== 'sound') return { ...none(unusable(read.because)), ...given };
  const { manifest } = read;
  if (isOfRun(manifest, run)) return { ...(await beatenBy(modelsDir, manifest)), version, isOwn: true };
  if (canonicalJson(manifest.features) !== canonicalJson([...FEATURE_NAMES]))
    return { ...none(unusable(`${version} reads other inputs`)), ...given };
  return { ...championOf(modelsDir, version, sha256(canonicalJson(manifest))), ...given };
}

/** The champion that a run has compared it with when it was last promoted, or made; under the digest that it had then. */
async function beatenBy(modelsDir: string, manifest: ModelManifest): Promise<Given<Champion>> {
  const record = await readRecord(modelsDir, manifest.version);
  const comparison = record?.decided ?? manifest.comparison;
  if (comparison === undefined) return NO_CHAMPION;
  const { digest, version } = comparison.against;
  return version === undefined ? none(comparison.because, digest) : championOf(modelsDir, version, digest);
}

function championOf(modelsDir: string, version: string, digest: string): Given<Champion> {
  return {
    digest,
    value: async () => {
      const loaded = await loadModel(modelsDir, version);
      if (loaded.state !== 'loaded') return { state: 'none', digest, because: unusable(loaded.because) };
      const { model, timetable, manifest } = loaded;
      const { trainedThrough } = manifest;
      return { state: 'loaded', digest, version, trainedThrough, model, timetable };
    },
  };
}

function none(because: string, digest = sha256(because)): Given<Champion> {
  return { digest, value: () => Promise.resolve({ state: 'none', digest, because }) };
}

function unusable(because: string): string {
  return `what is in production cannot be compared with (${because})`;
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
