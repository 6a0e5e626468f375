/**
 * Remember: a gateway that forgets its weights when it restarts, and a file that says who is everybody's then.
 *
 * in: Gateway, path → out: Gateway, which writes the name of the primary before it is told anything
 *
 * Rule: what is only lent is not remembered: while two versions share the traffic the file names the one that everything falls back to
 * (lease.ts), and the new one's name once it has everything. So whenever the gateway restarts, it serves a version that was meant for everybody,
 * and that is the one it is said to have: a gateway that has just restarted names all its servers, each with everything.
 * When it misleads: between the file and the gateway lies an instant. Both versions run then, and either may have everything.
 */
import { readFileSync } from 'node:fs';
import { checkBackends } from '../../gateway.js';
import type { Backend, Gateway } from '../../gateway.js';
import { writeText } from '../../json-file/store.js';
import { afterLease } from '../lease.js';

/** The gateway's user is another one. */
const READ_BY_ALL = 0o644;
const PER_CENT = 100;

export function remembering(gateway: Gateway, path: string): Gateway {
  return {
    backends: async () => meant(await gateway.backends(), remembered(path)),
    ...(gateway.unanswered === undefined ? {} : { unanswered: gateway.unanswered }),
    async setBackends(backends, lease) {
      checkBackends(backends, lease);
      const primary = heaviest(lease === undefined ? backends : afterLease(backends, lease));
      if (primary !== remembered(path)) writeText(path, `${primary}\n`, READ_BY_ALL);
      await gateway.setBackends(backends, lease);
    },
  };
}

function meant(backends: readonly Backend[], primary: string | undefined): readonly Backend[] {
  const full = backends.filter(({ weight }) => weight === PER_CENT);
  const named = full.filter(({ name }) => name === primary);
  return full.length > 1 && named.length > 0 ? named : backends;
}

function heaviest(backends: readonly Backend[]): string {
  return backends.toSorted((a, b) => b.weight - a.weight)[0]?.name ?? '';
}

function remembered(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch {
    return undefined;
  }
}
