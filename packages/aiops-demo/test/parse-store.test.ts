import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readJournal, writeJournal } from '../src/parse/store.js';
import { TemplateMiner } from '../src/parse/template-miner.js';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'journal-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

test('a journal that is written can be read, and leaves nothing beside it', () => {
  const file = join(folder, 'templates.jsonl');
  const miner = new TemplateMiner();
  for (const line of ['model 7 loaded', 'a "quoted"\nline … <*>']) miner.learn(line);
  writeJournal(file, miner.journal());
  writeJournal(file, miner.journal());
  expect(readJournal(file)).toEqual(miner.journal());
  expect(readdirSync(folder)).toEqual(['templates.jsonl']);
});

test('no journal yet is nothing known', () => {
  expect(readJournal(join(folder, 'none.jsonl'))).toEqual([]);
});

test('a damaged journal is an error that names the line', () => {
  const file = join(folder, 'templates.jsonl');
  writeFileSync(file, '{"id":"a","template":"b","count":1}\n{"id":"a","tem');
  expect(() => readJournal(file)).toThrow(
    'templates.jsonl, line 2: expected a template as JSON, got {"id":"a","tem',
  );
});
