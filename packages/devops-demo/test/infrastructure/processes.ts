/** Real servers for tests: on a free port of this machine, with a folder of their own, ended with the test. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';

const READY_WITHIN_MS = 20_000;
const ASK_EVERY_MS = 50;

export interface Running {
  stop(): Promise<void>;
}

/** Starts a program and waits until `readyUrl` answers 200. */
export async function start(
  program: string,
  words: readonly string[],
  readyUrl: string,
  env: NodeJS.ProcessEnv = process.env,
): Promise<Running> {
  const child = spawn(program, words, { stdio: 'ignore', env });
  const exited = once(child, 'exit');
  const stop = async () => {
    child.kill('SIGKILL');
    await exited;
  };
  for (let waited = 0; waited < READY_WITHIN_MS; waited += ASK_EVERY_MS) {
    if (child.exitCode !== null)
      throw new Error(`${program} ended with ${child.exitCode} before it was ready`);
    const answer = await fetch(readyUrl).catch(() => undefined);
    if (answer?.ok === true) return { stop };
    await new Promise((resolve) => setTimeout(resolve, ASK_EVERY_MS));
  }
  await stop();
  throw new Error(`${program} was not ready within ${READY_WITHIN_MS / 1_000} s`);
}
