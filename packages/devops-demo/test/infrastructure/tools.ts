/** Programs that a machine may lack. A test that needs one is skipped there, and says which. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

export const INFRASTRUCTURE = join(import.meta.dirname, '../../infrastructure');

export function isHere(program: string, ...version: string[]): boolean {
  return spawnSync(program, version.length > 0 ? version : ['--version']).status === 0;
}

/** What a program said, and how it ended. */
export function run(
  program: string,
  words: readonly string[],
  options: { cwd?: string; env?: NodeJS.ProcessEnv } = {},
): { status: number | null; said: string } {
  const { status, stdout, stderr } = spawnSync(program, words, { encoding: 'utf8', ...options });
  return { status, said: stdout + stderr };
}
