/**
 * Deploy, the server's half: follow the registry's `production` alias, and let each new model take over without dropping a request.
 *
 * in:  the alias, asked every two seconds → out: Serving, and a sentence on how the deployment stands
 *
 * Rule: a version is verified, loaded, probed and warmed beside the one that serves; then it takes over in one assignment, and
 * the old network is released. A damaged or nonsensical one is refused: the last good one goes on serving.
 *
 * When it misleads: a refused version is looked at again only every 30 s, or when the alias names another.
 *
 * Source: M. Fowler, "BlueGreenDeployment" (2010), within one process.
 */
import type { ServiceOptions } from 'service-chassis';
import type { LoadedModel } from '../registry/store.js';
import { troubleWith } from './serving.js';
import type { Serving } from './serving.js';

const TRY_REFUSED_AGAIN_MS = 30_000;

/** How the deployment stands. */
export type Deployment =
  | { state: 'waiting'; because: string }
  | { state: 'loading'; version: string; because: string }
  | { state: 'serving'; version: string; because: string }
  | { state: 'refused'; version: string; because: string };

type Loaded = Extract<LoadedModel, { state: 'loaded' }>;

export interface RegistryFollowerOptions {
  productionVersion: () => Promise<string | undefined>;
  load: (version: string) => Promise<LoadedModel>;
  prepare: (loaded: Loaded, serving: Serving | undefined) => Promise<Serving>;
  onServing: (serving: Serving) => void;
  /** Releases a model whose successor has taken over. */
  retire: (before: Serving) => void;
  onRefused: () => void;
  logger: ServiceOptions['logger'];
  now: () => number;
  pause: (ms: number, signal: AbortSignal) => Promise<void>;
  pollMs: number;
}

export interface RegistryFollower {
  serving(): Serving | undefined;
  deployment(): Deployment;
  stop(): Promise<void>;
}

/** Starts to follow. */
export function followRegistry(options: RegistryFollowerOptions): RegistryFollower {
  const { logger, now } = options;
  const stopping = new AbortController();
  let serving: Serving | undefined;
  let refused: { version: string; because: string; at: number } | undefined;
  let deployment: Deployment = { state: 'waiting', because: 'no model registered yet' };

  function refuse(version: string, because: string): void {
    const known = refused?.version === version && refused.because === because;
    refused = { version, because, at: now() };
    const instead =
      serving === undefined ? 'nothing is served' : `${serving.manifest.version} goes on serving`;
    deployment = { state: 'refused', version, because: `${because}; ${instead}` };
    if (known) return;
    logger.error(`model ${version} refused: ${because}; ${instead}`);
    options.onRefused();
  }

  async function look(): Promise<void> {
    const version = await options.productionVersion();
    // Empty: somebody writes the alias right now, and not in one step.
    if (version === undefined || version === '') return;
    if (version === serving?.manifest.version) {
      deployment = served(serving);
      return;
    }
    if (refused?.version === version && now() - refused.at < TRY_REFUSED_AGAIN_MS) return;
    deployment = { state: 'loading', version, because: `${version} is being verified and warmed` };
    const loaded = await options.load(version);
    if (loaded.state !== 'loaded') return refuse(version, loaded.because);
    const next = await prepared(loaded);
    const before = serving;
    serving = next;
    refused = undefined;
    deployment = served(next);
    options.onServing(next);
    const instead = before === undefined ? '' : ` instead of ${before.manifest.version}`;
    logger.info(
      `model ${version} serves${instead}, trained on flights through ${next.manifest.trainedThrough}`,
    );
    if (before !== undefined) options.retire(before);
  }

  /** A model that cannot serve gives its memory back. */
  async function prepared(loaded: Loaded): Promise<Serving> {
    try {
      const trouble = troubleWith(loaded);
      if (trouble !== undefined) throw new Error(trouble);
      return await options.prepare(loaded, serving);
    } catch (error) {
      loaded.model.network.dispose();
      throw error;
    }
  }

  async function follow(): Promise<void> {
    while (!stopping.signal.aborted) {
      try {
        await look();
      } catch (error) {
        const version = (deployment.state === 'loading' && deployment.version) || 'in production';
        refuse(version, error instanceof Error ? error.message : String(error));
      }
      await options.pause(options.pollMs, stopping.signal);
    }
  }

  const following = follow();
  return {
    serving: () => serving,
    deployment: () => deployment,
    async stop() {
      stopping.abort();
      await following;
    },
  };
}

function served({ manifest, since }: Serving): Deployment {
  return {
    state: 'serving',
    version: manifest.version,
    because: `${manifest.version} serves since ${since}`,
  };
}
