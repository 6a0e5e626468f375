/**
 * `npm test`: the stages of continuous integration, the same on a laptop, in .ci/run and in the workflow: install what is missing, then
 * build → lint → format → types → security → tests (unit, property, integration, contract: see test-kind.mjs).
 *
 * Each stage is a turborepo task, so what has not changed is not run again. The run leaves a report for the delivery pipeline,
 * .triops/devops/ci/<commit>.json. The last line is "N passed, M failed[, K skipped]"; a stage that fails counts as one failure.
 */
import { readFileSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { commitOf, testStages, turboStage, writeCiReport } from './ci-report.mjs';
import { countTests, lastLine, reportFile, testedWorkspaces } from './count-tests.mjs';
import { install, requireNode, root, turbo } from './prepare.mjs';
import { readOptions } from './read-options.mjs';

const RUNS = join(root, '.turbo', 'runs');
const STATE_DIR = process.env.TRIOPS_STATE_DIR || join(root, '.triops', 'devops');

/** In this order; the first must pass, for the others look at what it makes. */
const CHECKS = [
  { name: 'build', tasks: ['build'] },
  { name: 'lint', tasks: ['//#lint'] },
  { name: 'format', tasks: ['//#format:check'] },
  { name: 'types', tasks: ['types'] },
  { name: 'security', tasks: ['//#security'] },
];

requireNode();
readOptions(`npm test: builds, checks and tests everything. It has no options.

One package, or one file of tests:
  npm test -w mlops-demo
  cd packages/mlops-demo && npx vitest run test/train`);
const say = (text) => process.stdout.write(`${text}\n`);
await install(say);
const began = Date.now();
// Before the tests: what they do to the files is not what is tested.
const tested = commitOf(root);

const stages = [];
for (const { name, tasks } of CHECKS) {
  const { code, output, summary } = await runTurbo(
    [...tasks, '--continue', '--output-logs=errors-only'],
    'capture',
  );
  const stage = turboStage(name, summary, code === 0 ? 'passed' : 'failed');
  stages.push(stage);
  say(`${name}: ${code === 0 ? `fine${stage.cached ? ', from the cache' : ''}` : `failed\n${output}`}`);
  if (name === 'build' && code !== 0) break;
}
const counts = stages[0].state === 'passed' ? await runTests() : [];
const broken = stages.filter(({ state, tests }) => state === 'failed' && tests === undefined);
say('');
for (const { workspace, passed, failed, skipped, failures } of counts) {
  say(
    `${workspace.padEnd(28)}${passed} passed, ${failed} failed${skipped === 0 ? '' : `, ${skipped} skipped`}`,
  );
  for (const failure of failures) say(`  failed: ${failure}`);
}
for (const { name } of broken) say(`${name} failed (see above)`);
const all = [...counts, { passed: 0, failed: broken.length, skipped: 0 }];
const sum = (what) => all.reduce((total, count) => total + count[what], 0);
if (tested !== undefined) {
  const startedAt = new Date(began).toISOString();
  const seconds = (Date.now() - began) / 1_000;
  const report = { ...tested, startedAt, seconds, passed: sum('passed'), failed: sum('failed'), stages };
  say(`report: ${writeCiReport(STATE_DIR, report)}`);
}
say(lastLine(all));
process.exitCode = sum('failed') === 0 ? 0 : 1;

async function runTests() {
  const workspaces = testedWorkspaces(root);
  for (const workspace of workspaces) rmSync(reportFile(root, workspace), { force: true });
  const cached = new Set();
  // One workspace at a time: each has two workers, and two cores are the machine. The live demo's tests measure the
  // whole system in real time, so they run last.
  for (const filter of ['!live-demo', 'live-demo']) {
    const options = [`--filter=${filter}`, '--concurrency=1', '--continue', '--output-logs=new-only'];
    const { summary } = await runTurbo(['test', ...options], 'show');
    for (const { task, cache, directory } of summary.tasks)
      if (task === 'test' && cache.status === 'HIT') cached.add(directory);
  }
  stages.push(...testStages(root, workspaces, cached));
  return workspaces.map((workspace) => countTests(root, workspace));
}

/** Runs tasks and returns turborepo's own summary of them with the outcome. */
async function runTurbo(args, output) {
  const before = new Set(runs());
  const outcome = await turbo(['run', ...args, '--summarize'], output);
  const file = runs().find((name) => !before.has(name));
  if (file === undefined) {
    const at = Date.now();
    return {
      ...outcome,
      code: outcome.code || 1,
      summary: { execution: { startTime: at, endTime: at }, tasks: [] },
    };
  }
  const summary = JSON.parse(readFileSync(join(RUNS, file), 'utf8'));
  rmSync(join(RUNS, file));
  return { ...outcome, summary };
}

function runs() {
  try {
    return readdirSync(RUNS);
  } catch {
    return [];
  }
}
