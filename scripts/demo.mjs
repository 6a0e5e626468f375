/** `npm run demo`: installs and builds what is missing, then runs the demo in this same process. */
import { build, install, requireNode } from './prepare.mjs';

requireNode();
const args = process.argv.slice(2);
// With --json standard output belongs to the summary.
const say = (text) => (args.includes('--json') ? process.stderr : process.stdout).write(`${text}\n`);

if (!args.includes('--help') && !args.includes('-h'))
  say('Triops: DevOps, MLOps and AIOps on three million real flights. Ctrl-C stops it.');
await install(say);
await build(say, ['--filter=live-demo']);
await import('../examples/live-demo/dist/main.js');
