import { readFileSync, readdirSync } from 'node:fs';
import { basename } from 'node:path';
import { expect, test } from 'vitest';

const src = new URL('../src/', import.meta.url);
const files = readdirSync(src, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));

test('a header names only files that are there', () => {
  const names = new Set(files.map((file) => basename(file)));
  const missing = files.flatMap((file) => {
    const [header = ''] = /^\/\*\*[^]*?\*\//.exec(readFileSync(new URL(file, src), 'utf8')) ?? [];
    const named = [...header.matchAll(/[\w-]+\.ts\b/g)].map(([name]) => name);
    return named.filter((name) => !names.has(name)).map((name) => `${file}: ${name}`);
  });
  expect(missing).toEqual([]);
});
