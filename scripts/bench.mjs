/**
 * `npm run bench:logs -- --kit DIR --out DIR`, `npm run bench:canary -w devops-demo`, …: installs and builds what is missing,
 * then runs the benchmark of that name.
 *
 *   node scripts/bench.mjs [PACKAGE] NAME [options]     PACKAGE is aiops-demo unless it is named
 *
 * Standard output belongs to the benchmark; what happens before goes to standard error.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { build, install, requireNode, root, run } from './prepare.mjs';

const words = process.argv.slice(2);
const named = words.length > 0 && existsSync(join(root, 'packages', words[0], 'package.json'));
const [packageName, name, ...options] = named ? words : ['aiops-demo', ...words];
const say = (text) => process.stderr.write(`${text}\n`);
const benchmarks = benchmarksOf(packageName);
if (!benchmarks.includes(name)) {
  const got = name === undefined ? '' : `, got "${name}"`;
  say(`bench: expected a benchmark of ${packageName} (${benchmarks.join(', ')})${got}`);
  process.exit(2);
}
requireNode();
await install(say);
await build(say, [`--filter=${packageName}`]);
const program = join(root, 'packages', packageName, 'dist', 'bench', `${name}.js`);
const { code } = await run(process.execPath, [program, ...options]);
process.exitCode = code;

/** Those that have an npm script. */
function benchmarksOf(packageName) {
  const manifest = join(root, 'packages', packageName, 'package.json');
  const { scripts } = JSON.parse(readFileSync(manifest, 'utf8'));
  return Object.values(scripts).flatMap((script) => /bench\.mjs(?: \S+)* (\S+)$/.exec(script)?.[1] ?? []);
}
