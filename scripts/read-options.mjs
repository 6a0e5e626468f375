/**
 * Read options: the command line of a script, and the two ends that every script has: `--help` prints its usage and ends with 0, what is
 * not understood ends with 2 and the reason. Node's own modules only, because scripts run before anything is installed.
 */
import { parseArgs } from 'node:util';

const BAD_USAGE = 2;

/** Values by name, as `parseArgs` reads them. `options` is its table, without `help`. */
export function readOptions(usage, options = {}) {
  const help = { type: 'boolean', short: 'h' };
  let values;
  try {
    ({ values } = parseArgs({ options: { ...options, help } }));
  } catch (error) {
    return endAsBadUsage(error.message, usage);
  }
  if (values.help !== true) return values;
  process.stdout.write(`${usage}\n`);
  return process.exit(0);
}

export function endAsBadUsage(because, usage) {
  process.stderr.write(`${because}\n\n${usage}\n`);
  return process.exit(BAD_USAGE);
}
