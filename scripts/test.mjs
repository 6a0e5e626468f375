/**
 * `npm test`: installs and builds what is missing, checks lint, format and types, runs every workspace's tests.
 *
 * The last line is "N passed, M failed[, K skipped]". A check that fails counts as one failure.
 */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { countTests, lastLine, reportFile, testedWorkspaces } from './count-tests.mjs';
import { build, install, requireNode, root, run, turbo } from './prepare.mjs';

requireNode();
const say = (text) => process.stdout.write(`${text}\n`);
await install(say);
await build(say, []);

const bin = (path) => join(root, 'node_modules', path);
const checks = [
  { name: 'lint', command: [bin('oxlint/bin/oxlint'), '--type-aware'] },
  { name: 'format', command: [bin('prettier/bin/prettier.cjs'), '--check', '--log-level=warn', '.'] },
];
const broken = [];
for (const { name, command } of checks) {
  const { code, output } = await run(process.execPath, command, { output: 'capture' });
  say(`${name}: ${code === 0 ? 'fine' : `failed\n${output}`}`);
  if (code !== 0) broken.push(name);
}
const types = await turbo(['run', 'types', '--continue', '--output-logs=errors-only'], 'capture');
say(`types: ${types.code === 0 ? 'fine' : `failed\n${types.output}`}`);
if (types.code !== 0) broken.push('types');

const workspaces = testedWorkspaces(root);
for (const workspace of workspaces) rmSync(reportFile(root, workspace), { force: true });
// One workspace at a time: each has two workers, and two cores are the machine. The live demo's tests measure the
// whole system in real time, so they run last.
for (const filter of ['!live-demo', 'live-demo']) {
  await turbo(
    ['run', 'test', `--filter=${filter}`, '--concurrency=1', '--continue', '--output-logs=new-only'],
    'show',
  );
}

const counts = workspaces.map((workspace) => countTests(root, workspace));
say('');
for (const { workspace, passed, failed, skipped, failures } of counts) {
  say(
    `${workspace.padEnd(28)}${passed} passed, ${failed} failed${skipped === 0 ? '' : `, ${skipped} skipped`}`,
  );
  for (const failure of failures) say(`  failed: ${failure}`);
}
for (const name of broken) say(`${name} failed (see above)`);
const all = [...counts, { passed: 0, failed: broken.length, skipped: 0 }];
say(lastLine(all));
process.exitCode = all.every(({ failed }) => failed === 0) ? 0 : 1;
