import { spawnSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { wordsOf } from '../../src/delivery/instances/last-words.js';

it('a version that logs is quoted, whatever it printed behind that', () => {
  const log = '{"level":"info","message":"starting"}\n{"message":"cannot start: no \\"database\\""}\nbye\n';
  expect(wordsOf(log)).toBe('cannot start: no \\"database\\"');
});

it.each([
  ['throw new Error("broken image")', 'Error: broken image'],
  [
    'await import("node:nowhere")',
    'Error [ERR_UNKNOWN_BUILTIN_MODULE]: No such built-in module: node:nowhere',
  ],
  ['console.log("just", "gone"); process.exit(1)', 'just gone'],
])('a version that dies of %s leaves what Node says of it', (program, said) => {
  const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', program], {
    encoding: 'utf8',
  });
  expect(wordsOf(stdout + stderr)).toBe(said);
});

it('a version that says nothing said nothing', () => {
  expect(wordsOf('')).toBe('it said nothing');
});
