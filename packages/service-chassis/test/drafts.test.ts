import { mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { sweepDrafts } from '../src/drafts.js';

const folder = mkdtempSync(join(tmpdir(), 'triops-drafts-'));
afterAll(() => rmSync(folder, { recursive: true }));
const NOW = Date.parse('2026-07-01T12:00:00Z');
const isDraft = (name: string) => name.startsWith('.new-');

function leave(name: string, minutesAgo: number): void {
  mkdirSync(join(folder, name));
  writeFileSync(join(folder, name, 'half'), '');
  const at = new Date(NOW - minutesAgo * 60_000);
  utimesSync(join(folder, name), at, at);
}

test('drafts older than an hour go, with what is in them; younger ones and finished things stay', () => {
  leave('.new-old', 61);
  leave('.new-young', 59);
  leave('finished', 600);
  expect(sweepDrafts(folder, isDraft, NOW)).toEqual(['.new-old']);
  expect(readdirSync(folder).sort()).toEqual(['.new-young', 'finished']);
});

test('where there is no folder there is nothing to sweep', () => {
  expect(sweepDrafts(join(folder, 'nowhere'), isDraft, NOW)).toEqual([]);
});
