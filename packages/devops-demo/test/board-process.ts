/** The compiled board as a child process, as it is started in earnest. */
import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { NOBODY, PACKAGE_DIR, client } from './harness.js';

export interface BoardProcess extends ReturnType<typeof client> {
  child: ChildProcess;
  /** Exit code and signal, when it has ended. */
  ended: Promise<[code: number | null, signal: string | null]>;
  /** Everything it printed so far. */
  output: string[];
}

export function forkBoard(env: Record<string, string>, packageDir = PACKAGE_DIR) {
  const child = fork(join(packageDir, 'dist/service/main.js'), {
    env: { PATH: process.env['PATH'], PORT: '0', MODEL_SERVER_URL: NOBODY, ...env },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    execArgv: [],
  });
  const ended = once(child, 'exit') as Promise<[number | null, string | null]>;
  const output: string[] = [];
  const listening = new Promise<string>((resolve, reject) => {
    for (const stream of [child.stdout, child.stderr]) {
      if (stream === null) continue;
      createInterface(stream).on('line', (line) => {
        output.push(line);
        const url = /"message":"listening on (http:[^"]+)"/.exec(line)?.[1];
        if (url !== undefined) resolve(url);
      });
    }
    void ended.then(() => reject(new Error(`the board ended before it listened:\n${output.join('\n')}`)));
  });
  listening.catch(() => undefined);
  return { child, ended, output, listening };
}

export async function startBoardProcess(env: Record<string, string>): Promise<BoardProcess> {
  const { child, ended, output, listening } = forkBoard(env);
  return { child, ended, output, ...client(await listening) };
}
