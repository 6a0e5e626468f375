import { mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { writeJson } from '../../src/delivery/json-file/store.js';
import { sweepState } from '../../src/delivery/sweep/store.js';

it('what killed processes left half-written an hour ago goes; what is whole, and what is young, stays', () => {
  const stateDir = mkdtempSync(join(tmpdir(), 'triops-sweep-'));
  const longAgo = new Date(Date.now() - 2 * 3_600_000);
  for (const file of ['release.json', 'instances/blue.json', 'releases/one.json'])
    writeJson(join(stateDir, file), {});
  mkdirSync(join(stateDir, 'artifacts/.new-Ab12Cd/dist'), { recursive: true });
  mkdirSync(join(stateDir, 'artifacts/f00d'), { recursive: true });
  const left = ['release.json.4711.new', 'instances/blue.json.4711.new', 'artifacts/.new-Ab12Cd'];
  for (const file of left.slice(0, 2)) writeFileSync(join(stateDir, file), '{"ha');
  for (const name of [...left, 'release.json', 'artifacts/f00d'])
    utimesSync(join(stateDir, name), longAgo, longAgo);
  writeFileSync(join(stateDir, 'release.json.4712.new'), '{"yo');
  expect(sweepState(stateDir)).toEqual(['release.json.4711.new', 'blue.json.4711.new', '.new-Ab12Cd']);
  expect(readdirSync(stateDir, { recursive: true, encoding: 'utf8' }).sort()).toEqual([
    'artifacts',
    'artifacts/f00d',
    'instances',
    'instances/blue.json',
    'release.json',
    'release.json.4712.new',
    'releases',
    'releases/one.json',
  ]);
  rmSync(stateDir, { recursive: true });
});
