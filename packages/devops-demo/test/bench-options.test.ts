import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { PACKAGE_DIR } from './harness.js';

it.each(['canary', 'service', 'no-drop', 'flaws', 'cold-start'])(
  'the benchmark %s refuses an option that it does not know, and runs nothing',
  (name) => {
    const program = join(PACKAGE_DIR, 'dist/bench', `${name}.js`);
    const ended = spawnSync(process.execPath, [program, '--bogus'], { encoding: 'utf8' });
    expect([ended.status, ended.stdout]).toEqual([2, '']);
    expect(ended.stderr).toContain("Unknown option '--bogus'");
  },
);
