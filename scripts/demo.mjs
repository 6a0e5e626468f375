/** `npm run demo`: installs and builds what is missing, then runs the demo in this same process. What it is asked is read before that. */
import { parseOptions } from '../examples/live-demo/src/options.mjs';
import { build, install, requireNode } from './prepare.mjs';
import { endAsBadUsage } from './read-options.mjs';

requireNode();
const parsed = parseOptions(process.argv.slice(2));
if (parsed.kind === 'wrong') endAsBadUsage(parsed.because, 'npm run demo -- --help   tells what there is');
if (parsed.kind === 'help') {
  process.stdout.write(parsed.text);
  process.exit(0);
}
// With --json standard output belongs to the summary.
const say = (text) => (parsed.options.json ? process.stderr : process.stdout).write(`${text}\n`);

say('Triops: DevOps, MLOps and AIOps on three million real flights. Ctrl-C stops it.');
await install(say);
await build(say, ['--filter=live-demo']);
await import('../examples/live-demo/dist/main.js');
