/** Starts a program of this folder as a child, and asks it what it used. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Usage } from './usage.js';

export interface BoardProcess {
  readonly url: string;
  usage(): Promise<Usage>;
  end(): void;
}

export async function startProcess(program: 'board' | 'gateway', args: string[]): Promise<BoardProcess> {
  const child = fork(join(import.meta.dirname, `${program}.js`), args, {
    // Log lines are written, as in a container, and go nowhere.
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const died = once(child, 'exit').then(([code]) => {
    throw new Error(`${program}: expected it to run, it ended with ${code}`);
  });
  const message = async <Message>() => ((await Promise.race([once(child, 'message'), died])) as [Message])[0];
  const url = await message<string>();
  died.catch(() => undefined);
  return {
    url,
    async usage() {
      const answer = message<Usage>();
      child.send('usage');
      return answer;
    },
    end: () => child.disconnect(),
  };
}

/** A gateway and the board behind it, as one: what a request costs is what both use. */
export function together(gateway: BoardProcess, board: BoardProcess): BoardProcess {
  return {
    url: gateway.url,
    async usage() {
      const [before, behind] = await Promise.all([gateway.usage(), board.usage()]);
      return {
        cpuSeconds: before.cpuSeconds + behind.cpuSeconds,
        residentBytes: before.residentBytes + behind.residentBytes,
        heapBytes: before.heapBytes + behind.heapBytes,
      };
    },
    end() {
      gateway.end();
      board.end();
    },
  };
}
