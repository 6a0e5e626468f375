/** The world around a pipeline under test: the real flights, a registry in a folder, a clock that stands. */
import { createHash } from 'node:crypto';
import type { ReadsFlights } from '../src/ingest.js';
import type { Shell } from '../src/pipeline.js';
import type { Artifact } from '../src/registry/manifest.js';
import { championFor } from '../src/registry/champion/store.js';
import { readRecord, registerModel, transition } from '../src/registry/changes/store.js';
import { hasModel, productionVersion } from '../src/registry/store.js';
import { versionsHere } from '../src/stage-cache/given/store.js';
import type { Given } from '../src/stage-cache/key.js';
import type { StageCache } from '../src/stage-cache/stage-cache.js';
import { openStageCache } from '../src/stage-cache/store.js';
import { createStageRunner } from '../src/stage-runner.js';
import type { StageChange } from '../src/stage-runner/run-report.js';
import { readAirports } from '../src/vega-datasets/store.js';

export const NOW = Date.parse('2001-07-01T00:00:00Z');

export const cacheIn = (modelsDir: string): StageCache => openStageCache(modelsDir, () => undefined);

export const given = <Value>(name: string, value: Value): Given<Value> => ({
  digest: createHash('sha256').update(name).digest('hex'),
  value: () => Promise.resolve(value),
});

export function shellOf(
  modelsDir: string,
  flights: Given<ReadsFlights>,
  onChange: (change: StageChange) => void,
  cache = cacheIn(modelsDir),
  onArtifact: (artifact: Artifact) => void = () => undefined,
): Shell {
  const at = new Date(NOW).toISOString();
  return {
    flights,
    airports: given('airports of vega-datasets', readAirports()),
    backend: given('wasm', 'wasm'),
    createdAt: at,
    versions: versionsHere(),
    ...createStageRunner({ now: () => NOW, cache, onChange }),
    registry: {
      register: (made) => {
        onArtifact(made);
        return registerModel(modelsDir, made);
      },
      has: (version) => hasModel(modelsDir, version),
      production: () => productionVersion(modelsDir),
      record: (version) => readRecord(modelsDir, version),
      champion: (run) => championFor(modelsDir, run),
      promote: async (version, promotion) => {
        await transition(modelsDir, { version, to: 'production', at, ...promotion });
      },
    },
  };
}
