/**
 * CI report: what one run of `npm test` found out about one commit, for the delivery pipeline to read
 * (packages/devops-demo/src/delivery/ci-report.ts has its form and decides whether a release may be made from it).
 *
 * in: turborepo's summaries, vitest's results → out: stages with seconds, cached or not, tests; one file a commit
 */
import { execFileSync } from 'node:child_process';
import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { reportFile } from './count-tests.mjs';
import { TEST_KINDS, kindOf } from './test-kind.mjs';

/** The commit and whether files differ from it; undefined outside a clone. */
export function commitOf(root) {
  const git = (...words) =>
    execFileSync('git', words, { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  try {
    return { commit: git('rev-parse', 'HEAD'), dirty: git('status', '--porcelain') !== '' };
  } catch {
    return undefined;
  }
}

/** One stage that turborepo ran: cached when every task of it was that may be (the manifest is written each time). */
export function turboStage(name, summary, state) {
  const { startTime, endTime } = summary.execution;
  const cacheable = summary.tasks.filter(
    ({ resolvedTaskDefinition }) => resolvedTaskDefinition?.cache !== false,
  );
  const cached = cacheable.length > 0 && cacheable.every(({ cache }) => cache.status === 'HIT');
  return { name, state, seconds: toSeconds(endTime - startTime), cached };
}

/** @param cachedWorkspaces those whose results are from an earlier run with the same inputs: no time was spent on them. */
export function testStages(root, workspaces, cachedWorkspaces) {
  const stages = new Map(TEST_KINDS.map((name) => [name, emptyStage(name)]));
  for (const workspace of workspaces) {
    const file = reportFile(root, workspace);
    if (!existsSync(file)) continue;
    for (const suite of JSON.parse(readFileSync(file, 'utf8')).testResults) {
      const stage = stages.get(
        kindOf(suite.name, existsSync(suite.name) ? readFileSync(suite.name, 'utf8') : ''),
      );
      addSuite(stage, suite, cachedWorkspaces.has(workspace));
    }
  }
  return [...stages.values()].map(({ milliseconds, ...stage }) => ({
    ...stage,
    cached: stage.cached && stage.tests.passed > 0,
    state: stage.tests.failed > 0 ? 'failed' : stage.tests.passed > 0 ? 'passed' : 'skipped',
    seconds: toSeconds(milliseconds),
  }));
}

function emptyStage(name) {
  return {
    name,
    state: 'skipped',
    milliseconds: 0,
    cached: true,
    tests: { passed: 0, failed: 0, skipped: 0 },
  };
}

function addSuite(stage, suite, cached) {
  const count = (status) => suite.assertionResults.filter((result) => result.status === status).length;
  const failed = count('failed');
  stage.tests.passed += count('passed');
  // A file that could not be loaded has no tests and is one failure.
  stage.tests.failed += suite.status === 'failed' && failed === 0 ? 1 : failed;
  stage.tests.skipped += suite.assertionResults.length - count('passed') - failed;
  if (cached) return;
  stage.cached = false;
  stage.milliseconds += Math.max(0, suite.endTime - suite.startTime);
}

/** Whole at every instant, so that a reader never finds half a report. Changed files have a report of their own. */
export function writeCiReport(stateDir, report) {
  const path = join(stateDir, 'ci', `${report.commit}${report.dirty ? '+changes' : ''}.json`);
  mkdirSync(dirname(path), { recursive: true });
  const aside = `${path}.${process.pid}.new`;
  const file = openSync(aside, 'w');
  writeFileSync(file, `${JSON.stringify(report, null, 2)}\n`);
  fsyncSync(file);
  closeSync(file);
  renameSync(aside, path);
  return path;
}

function toSeconds(milliseconds) {
  return Math.round(milliseconds) / 1_000;
}
