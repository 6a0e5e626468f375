/**
 * `npm run bench:logs -- --kit DIR --out DIR`, `npm run bench:canary -w devops-demo`, …: installs and builds what is missing,
 * then runs the benchmark of that name.
 *
 *   node scripts/bench.mjs [PACKAGE] NAME [options]     PACKAGE is aiops-demo unless it is named
 *
 * Standard output belongs to the benchmark; what happens before goes to standard error.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { build, install, requireNode, root, run } from './prepare.mjs';

const words = process.argv.slice(2);
const named = words.length > 1 && existsSync(join(root, 'packages', words[0], 'package.json'));
const [packageName, name, ...options] = named ? words : ['aiops-demo', ...words];
const say = (text) => process.stderr.write(`${text}\n`);
requireNode();
await install(say);
await build(say, [`--filter=${packageName}`]);
const program = join(root, 'packages', packageName, 'dist', 'bench', `${name}.js`);
if (!existsSync(program)) {
  say(`bench: ${packageName} has no benchmark "${name}".`);
  process.exit(2);
}
const { code } = await run(process.execPath, [program, ...options]);
process.exitCode = code;
