/**
 * Count tests: adds up the results that vitest left in each workspace.
 *
 * Rule: a test file that could not even be loaded is one failure, and so is a workspace that left no results.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Workspaces with a `test` script, as paths from the root: `packages/devops-demo`. */
export function testedWorkspaces(root) {
  return ['packages', 'examples'].flatMap((group) => {
    const folder = join(root, group);
    if (!existsSync(folder)) return [];
    return readdirSync(folder)
      .filter((name) => {
        const manifest = join(folder, name, 'package.json');
        return existsSync(manifest) && JSON.parse(readFileSync(manifest, 'utf8')).scripts?.test !== undefined;
      })
      .map((name) => `${group}/${name}`);
  });
}

export function reportFile(root, workspace) {
  return join(root, workspace, 'reports', 'tests.json');
}

/** @returns {{ workspace: string, passed: number, failed: number, skipped: number, failures: string[] }} */
export function countTests(root, workspace) {
  const file = reportFile(root, workspace);
  if (!existsSync(file)) {
    return {
      workspace,
      passed: 0,
      failed: 1,
      skipped: 0,
      failures: ['no results: the tests did not run to the end'],
    };
  }
  const report = JSON.parse(readFileSync(file, 'utf8'));
  const failures = [];
  for (const suite of report.testResults) {
    const failed = suite.assertionResults.filter(({ status }) => status === 'failed');
    for (const { fullName } of failed) failures.push(fullName);
    if (suite.status === 'failed' && failed.length === 0) failures.push(`${suite.name}: ${suite.message}`);
  }
  if (!report.success && failures.length === 0) failures.push('the run as a whole failed');
  return {
    workspace,
    passed: report.numPassedTests,
    failed: failures.length,
    skipped: report.numPendingTests + report.numTodoTests,
    failures,
  };
}

/** The last line of `npm test`. */
export function lastLine(counts) {
  const sum = (name) => counts.reduce((total, count) => total + count[name], 0);
  const skipped = sum('skipped');
  return `${sum('passed')} passed, ${sum('failed')} failed${skipped === 0 ? '' : `, ${skipped} skipped`}`;
}
