import { execFileSync } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';

const folder = join(import.meta.dirname, '..', 'src');
const lessons = readdirSync(folder).sort();
const MOST_LINES = 100;

/** What a lesson's header says that it prints: the lines after `Prints:`. */
function promised(source: string): string {
  const header = source.slice(0, source.indexOf('*/'));
  const [, prints = ''] = header.split(' * Prints:\n');
  return prints
    .split('\n')
    .map((line) => line.replace(/^ \*( {3})?/, '').trimEnd())
    .join('\n')
    .trim();
}

test('lessons are numbered without a gap', () => {
  expect(lessons.map((name) => Number(name.slice(0, 2)))).toEqual(lessons.map((_, index) => index + 1));
});

describe.each(lessons)('%s', (name) => {
  const source = readFileSync(join(folder, name), 'utf8');

  test('prints what its header promises', () => {
    const printed = execFileSync(process.execPath, [join(folder, name)], { encoding: 'utf8' });
    expect(promised(source)).not.toBe('');
    expect(printed.trim()).toBe(promised(source));
  });

  test(`has fewer than ${MOST_LINES} lines`, () => {
    expect(source.split('\n').length).toBeLessThan(MOST_LINES);
  });
});

test('the README of aiops-demo quotes what the lessons print', () => {
  const readme = readFileSync(join(folder, '..', '..', '..', 'packages', 'aiops-demo', 'README.md'), 'utf8');
  const rows = [...readme.matchAll(/`([^`]+)` +\| \[\d\]\([^)]*\/([^/)]+\.mjs)\)/g)];
  expect(rows).toHaveLength(6);
  for (const [, quoted = '', name = ''] of rows)
    expect(promised(readFileSync(join(folder, name), 'utf8'))).toContain(quoted);
});

test('the README of mlops-demo quotes what lesson 11 prints', () => {
  const readme = readFileSync(join(folder, '..', '..', '..', 'packages', 'mlops-demo', 'README.md'), 'utf8');
  const name = '11-the-pipeline-on-the-weather.mjs';
  expect(readme).toContain(
    `$ node examples/lessons/src/${name}\n${promised(readFileSync(join(folder, name), 'utf8'))}\n`,
  );
});
