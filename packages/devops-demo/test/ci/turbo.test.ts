import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { PACKAGE_DIR } from '../harness.js';

const ROOT = join(PACKAGE_DIR, '../..');

interface Task {
  taskId: string;
  dependencies: string[];
  resolvedTaskDefinition: { cache: boolean; outputs: string[] };
}

/** What turborepo would do. */
function planned(...words: string[]): Task[] {
  const turbo = join(ROOT, 'node_modules/turbo/bin/turbo');
  const output = execFileSync(process.execPath, [turbo, 'run', ...words, '--dry=json'], {
    cwd: ROOT,
    encoding: 'utf8',
    env: { ...process.env, TURBO_TELEMETRY_DISABLED: '1' },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  return (JSON.parse(output) as { tasks: Task[] }).tasks;
}

it('the manifest, which names the commit, comes from no cache, and whoever needs the build finds it', () => {
  const tasks = planned('build', 'types', 'test');
  const of = (id: string) => tasks.find(({ taskId }) => taskId === `devops-demo#${id}`);
  expect(of('build')?.resolvedTaskDefinition).toMatchObject({ cache: false, outputs: [] });
  expect(of('build')?.dependencies).toContain('devops-demo#compile');
  expect(of('compile')?.resolvedTaskDefinition).toMatchObject({
    cache: true,
    outputs: expect.arrayContaining(['!dist/manifest.json']),
  });
  const needing = tasks
    .filter(({ dependencies }) => dependencies.includes('devops-demo#build'))
    .map(({ taskId }) => taskId);
  expect(needing).toEqual(
    expect.arrayContaining(['devops-demo#test', 'devops-demo#types', 'mlops-demo#build', 'live-demo#build']),
  );
  expect(
    tasks.filter(({ dependencies }) => dependencies.includes('devops-demo#compile')),
    'the compiled package alone is enough for nobody',
  ).toHaveLength(1);
});
