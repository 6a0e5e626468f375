import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { STAGES, testedBy } from '../../src/delivery/ci-report.js';
import type { CiReport } from '../../src/delivery/ci-report.js';
import { readCiReport, readTested } from '../../src/delivery/ci-report/store.js';

const commit = 'c0ffee00c0ffee00c0ffee00c0ffee00c0ffee00';
const report: CiReport = {
  commit,
  dirty: false,
  startedAt: '2026-07-01T10:00:00.000Z',
  seconds: 61.5,
  passed: 812,
  failed: 0,
  stages: STAGES.map((name) => ({ name, state: 'passed', seconds: 3.1, cached: name === 'build' })),
};
const found = (change: Partial<CiReport> = {}) => ({
  kind: 'report' as const,
  report: { ...report, ...change },
});

const folder = mkdtempSync(join(tmpdir(), 'triops-ci-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it('a commit whose run passed is tested', () => {
  expect(testedBy(found(), commit)).toEqual({
    kind: 'passed',
    because: 'commit c0ffee00c0ff passed 812 tests in 9 stages',
  });
});

it.each([
  ['no run', { kind: 'absent' as const }, commit, 'untested', 'has no run of the tests: run npm test'],
  ['an unknown commit', found(), 'unknown', 'untested', 'the commit is unknown'],
  ['a build from changed files', found(), `${commit}+changes`, 'untested', 'uncommitted changes'],
  ['a run of changed files', found({ dirty: true }), commit, 'untested', 'uncommitted changes'],
  ['a run of another commit', found({ commit: 'beef' }), commit, 'untested', 'is for commit beef'],
  ['a run without tests', found({ passed: 0 }), commit, 'untested', 'had no tests'],
  ['a run without stages', found({ stages: [] }), commit, 'untested', 'did not pass build, lint, format'],
  [
    'a run that lacks a stage',
    found({ stages: report.stages.filter(({ name }) => name !== 'contract') }),
    commit,
    'untested',
    'did not pass contract',
  ],
  [
    'a run that skipped a stage',
    found({
      stages: report.stages.map((stage) => ({
        ...stage,
        state: stage.name === 'integration' ? 'skipped' : stage.state,
      })),
    }),
    commit,
    'untested',
    'did not pass integration',
  ],
  ['a failed test', found({ failed: 1 }), commit, 'failed', '1 failed in its tests'],
  [
    'a failed stage',
    found({ failed: 1, stages: [{ name: 'lint', state: 'failed', seconds: 1, cached: false }] }),
    commit,
    'failed',
    '1 failed in lint',
  ],
])('%s is no ground for a release', (_what, given, of, kind, because) => {
  const tested = testedBy(given, of);
  expect([tested.kind, tested.because]).toEqual([kind, expect.stringContaining(because)]);
});

it('reports are read from disk; a cut-off one is told as such', () => {
  mkdirSync(join(folder, 'ci'));
  const path = join(folder, 'ci', `${commit}.json`);
  expect(readCiReport(folder, commit)).toEqual({ kind: 'absent' });
  expect(readCiReport(folder, '../../etc/passwd')).toEqual({ kind: 'absent' });
  writeFileSync(path, JSON.stringify(report));
  expect(readTested(folder, commit).kind).toBe('passed');
  writeFileSync(path, JSON.stringify(report).slice(0, 50));
  expect(readTested(folder, commit)).toMatchObject({
    kind: 'untested',
    because: expect.stringContaining('no JSON'),
  });
});
