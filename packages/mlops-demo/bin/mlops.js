#!/usr/bin/env node
// Starts the built command line; builds it first where that has not been done yet.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const built = new URL('../dist/cli.js', import.meta.url);
if (!existsSync(built)) {
  process.stderr.write('mlops: not built yet, building…\n');
  const root = fileURLToPath(new URL('../../..', import.meta.url));
  const build = spawnSync('npx', ['turbo', 'run', 'build', '--filter=mlops-demo'], {
    cwd: root,
    stdio: ['ignore', 2, 2],
    env: { ...process.env, TURBO_TELEMETRY_DISABLED: '1' },
    shell: process.platform === 'win32',
  });
  if (build.status !== 0) process.exit(build.status ?? 1);
}
await import(built.href);
