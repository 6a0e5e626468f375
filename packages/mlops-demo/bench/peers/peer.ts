/**
 * Peer: a Python process that does the same work on the same files, asked in turn with ours so that both meet the same neighbours.
 *
 * in:  a script of this folder, the modules that it needs → out: a peer to ask, or why there is none
 *
 * Rule: TRIOPS_PEER_PYTHON, else python3 on PATH. Python measures itself: neither its start nor its imports are counted.
 */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** Beside the sources: the compiler copies no Python. */
const SCRIPTS = join(import.meta.dirname, '..', '..', '..', 'bench', 'peers');
export const INSTALL = 'pip install -r packages/mlops-demo/bench/peers/requirements.txt';

export interface Peer {
  /** One question, one answer. */
  ask<Answer>(question: { what: string } & Record<string, unknown>): Promise<Answer>;
  end(): void;
}

export type PeerChoice =
  { state: 'started'; peer: Peer; versions: string } | { state: 'absent'; because: string };

/** Seconds on the clock, and of all cores together. */
export interface Took {
  seconds: number;
  cpuSeconds: number;
}

export function peerPython(): string {
  return process.env['TRIOPS_PEER_PYTHON'] ?? 'python3';
}

/** Starts a script, if Python has its modules. */
export async function startPeer(
  script: string,
  modules: readonly string[],
  args: readonly string[] = [],
): Promise<PeerChoice> {
  const python = peerPython();
  const program = `from importlib.metadata import version; print(', '.join(f'{name} {version(name)}' for name in ${JSON.stringify(modules)}))`;
  const found = spawnSync(python, ['-c', program], { encoding: 'utf8' });
  if (found.status !== 0) {
    const missing = found.error?.message ?? found.stderr.trim().split('\n').at(-1) ?? '';
    return {
      state: 'absent',
      because: `${python} has not all of ${modules.join(', ')} (${missing}): \`${INSTALL}\`, then TRIOPS_PEER_PYTHON=its python`,
    };
  }
  const child = spawn(python, ['-B', join(SCRIPTS, script), ...args], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { ...process.env, DO_NOT_TRACK: '1', PYTHONWARNINGS: 'ignore' },
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const answer = async <Answer>(): Promise<Answer> => {
    const { value, done } = await lines.next();
    if (done === true) throw new Error(`bench: ${script} ended without an answer`);
    return JSON.parse(value) as Answer;
  };
  child.stdin.on('error', () => undefined);
  await Promise.race([once(child, 'error').then(([error]) => Promise.reject(error as Error)), answer()]);
  const peer: Peer = {
    async ask(question) {
      child.stdin.write(`${JSON.stringify(question)}\n`);
      return answer();
    },
    end: () => child.stdin.end(),
  };
  return { state: 'started', peer, versions: found.stdout.trim() };
}

/** Runs ours and says what it took, as the peers' `timed` does. */
export async function timed<Result>(work: () => Result | Promise<Result>): Promise<[Took, Result]> {
  const startedAt = performance.now();
  const before = process.cpuUsage();
  const result = await work();
  const { user, system } = process.cpuUsage(before);
  return [{ seconds: (performance.now() - startedAt) / 1000, cpuSeconds: (user + system) / 1e6 }, result];
}
