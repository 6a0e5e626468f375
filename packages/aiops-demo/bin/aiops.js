#!/usr/bin/env node
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const cli = new URL('../dist/cli.js', import.meta.url);
if (!existsSync(cli)) {
  const root = fileURLToPath(new URL('../../..', import.meta.url));
  const build = ['turbo', 'run', 'build', '--filter=aiops-demo'];
  // What the build says goes to standard error: standard output belongs to the command.
  const built = spawnSync('npx', build, {
    cwd: root,
    stdio: ['ignore', 2, 2],
    shell: process.platform === 'win32',
  });
  if (built.status !== 0) process.exit(built.status ?? 1);
}

const { runCli } = await import(cli.href);
process.exitCode = await runCli(process.argv.slice(2));
