/**
 * `npm run bench:logs -- --kit DIR --out DIR`, `bench:nab`, `bench:rca`: installs and builds what is missing, then runs the
 * benchmark of that name.
 *
 *   node scripts/bench.mjs NAME [options]
 *
 * Standard output belongs to the benchmark; what happens before goes to standard error.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { build, install, requireNode, root, run } from './prepare.mjs';

const [name, ...options] = process.argv.slice(2);
const say = (text) => process.stderr.write(`${text}\n`);
requireNode();
await install(say);
await build(say, ['--filter=aiops-demo']);
const program = join(root, 'packages', 'aiops-demo', 'dist', 'bench', `${name}.js`);
if (!existsSync(program)) {
  say(`bench: there is no benchmark "${name}".`);
  process.exit(2);
}
const { code } = await run(process.execPath, [program, ...options]);
process.exitCode = code;
