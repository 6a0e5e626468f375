/** Runbooks are read in a hurry: what they tell to type must exist. */
import { execFileSync } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const PROGRAMS = ['devops', 'mlops', 'aiops'];

const helps = new Map(
  PROGRAMS.map((name) => {
    const program = join(root, 'packages', `${name}-demo`, 'bin', `${name}.js`);
    return [name, execFileSync(process.execPath, [program, '--help'], { encoding: 'utf8' })];
  }),
);

const folder = join(root, 'docs/runbooks');
const commands = readdirSync(folder).flatMap((file) =>
  [...readFileSync(join(folder, file), 'utf8').matchAll(/npx ([\w-]+) ([\w-]+)/g)].map(
    ([, program = '', command = '']) => [file, program, command] as const,
  ),
);

it('there are commands in them', () => {
  expect(commands.length).toBeGreaterThan(2);
});

it.each(commands)('%s names "npx %s %s", which its --help lists', (_file, program, command) => {
  expect(helps.get(program)).toMatch(new RegExp(`^  ${program} ${command}\\b`, 'm'));
});
