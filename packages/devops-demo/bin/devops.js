#!/usr/bin/env node
// Compiles the package first when it is not compiled yet, or when asked to build.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const cli = new URL('../dist/cli.js', import.meta.url);
if (process.argv[2] === 'build' || !existsSync(cli)) {
  const root = fileURLToPath(new URL('../../..', import.meta.url));
  const turbo = ['turbo', 'run', 'build', '--filter=devops-demo', '--output-logs=errors-only'];
  const { status } = spawnSync('npx', turbo, {
    cwd: root,
    stdio: ['ignore', 2, 2],
    shell: process.platform === 'win32',
    env: { ...process.env, TURBO_TELEMETRY_DISABLED: '1' },
  });
  if (status !== 0) process.exit(1);
}
await import(cli.href);
