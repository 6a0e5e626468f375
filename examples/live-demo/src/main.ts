/** `npm run demo` ends here: the command line on the real system. */
import { runCli } from './cli.js';
import { SYSTEM } from './system.js';

try {
  process.exitCode = await runCli(process.argv.slice(2), SYSTEM);
} catch (error) {
  process.stderr.write(`demo: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  process.exitCode = 1;
}
// Nothing that is still open (a kept-alive connection, a timer) may hold the terminal; what was printed goes out first.
process.stdout.write('', () => process.exit());
