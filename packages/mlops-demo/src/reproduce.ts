/**
 * Reproduce: does a registered model come out again, bit for bit, and if not, what was different?
 *
 * in:  the registered manifest, the manifest of a run made now from its plan → out: Reproduction
 *
 * Rule: equal when the digests of the weights are equal. Otherwise what determines a run is compared in the order in which it acts: the
 * data, the code of each stage, the backend, the versions; and the first stage whose result differs is named.
 *
 * When it misleads: code that differs need not be the reason (a comment counts). A difference that nothing explains is chance or
 * damage: something that is not written down determines the run.
 */
import type { Lineage } from './registry/lineage.js';
import type { ModelManifest } from './registry/manifest.js';

/** One thing that was different. */
export interface Difference {
  what: string;
  recorded: string;
  now: string;
}

export interface Reproduction {
  state: 'equal' | 'different';
  because: string;
  differences: Difference[];
}

/** What of a manifest the comparison reads. */
export type Reproducible = Pick<ModelManifest, 'version' | 'backend' | 'data' | 'files'> & {
  lineage: Lineage;
};

export function compareRuns(recorded: Reproducible, now: Reproducible): Reproduction {
  const weights = (run: Reproducible): string => run.files['weights.bin'].sha256;
  const differences = differencesOf(recorded, now);
  const elsewhere = differences.map(({ what }) => what).join(', ');
  if (weights(recorded) === weights(now)) {
    const because = `the weights are the same, bit for bit: sha256 ${short(weights(now))}`;
    return {
      state: 'equal',
      because: elsewhere === '' ? because : `${because}, although different: ${elsewhere}`,
      differences,
    };
  }
  const because = `the weights are others: ${short(weights(recorded))} recorded, ${short(weights(now))} now`;
  const first = firstOtherResult(recorded.lineage, now.lineage);
  const from = first === undefined ? '' : `; the first stage with another result is ${first}`;
  return {
    state: 'different',
    because: `${because}${from}; different: ${elsewhere || 'nothing that is recorded'}`,
    differences,
  };
}

function differencesOf(recorded: Reproducible, now: Reproducible): Difference[] {
  const before = facts(recorded);
  const after = facts(now);
  return [...new Set([...before.keys(), ...after.keys()])]
    .map((what) => ({ what, recorded: before.get(what) ?? 'none', now: after.get(what) ?? 'none' }))
    .filter((difference) => difference.recorded !== difference.now);
}

function facts({ backend, data, lineage }: Reproducible): Map<string, string> {
  const code = Object.entries(lineage.stages).map(
    ([name, stage]) => [`code of ${name}`, short(stage?.code ?? '')] as const,
  );
  return new Map([
    ['flights file', short(lineage.flights)],
    ['airports file', short(lineage.airports)],
    ['data version', data.version],
    ...code,
    ['backend', backend],
    ...Object.entries(lineage.versions),
  ]);
}

function firstOtherResult(recorded: Lineage, now: Lineage): string | undefined {
  return Object.entries(now.stages).find(
    ([name, stage]) => recorded.stages[name]?.digest !== stage?.digest,
  )?.[0];
}

function short(digest: string): string {
  return digest.slice(0, 12);
}
