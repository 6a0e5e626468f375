/**
 * `devops`: the delivery pipeline and the departures board from the command line.
 */
import { join } from 'node:path';
import { messageOf } from 'service-chassis/reason-of';
import { auditCommand } from './commands/audit/cli.js';
import { buildCommand } from './commands/build/cli.js';
import { deployCommand } from './commands/deploy/cli.js';
import { doraCommand } from './commands/dora/cli.js';
import { gatewayCommand } from './commands/gateway/cli.js';
import { generateCommand } from './commands/generate/cli.js';
import { HELP } from './commands/help.js';
import { readArguments, requireOwn } from './commands/options.js';
import type { Options } from './commands/options.js';
import { planCommand } from './commands/plan/cli.js';
import { policyCommand } from './commands/policy/cli.js';
import { releaseCommand } from './commands/release/cli.js';
import { releasesCommand } from './commands/releases/cli.js';
import { runbookCommand } from './commands/runbook/cli.js';
import { serveCommand } from './commands/serve/cli.js';
import { sloCommand } from './commands/slo/cli.js';
import { statusCommand } from './commands/status/cli.js';
import { verifyCommand } from './commands/verify/cli.js';
import { WrongUsage } from './commands/wrong-usage.js';

const PACKAGE_DIR = join(import.meta.dirname, '..');
const WRONG_USAGE = 2;

/** Commands that read their own words. */
const commandsWithWords: Record<string, (words: readonly string[]) => Promise<number>> = {
  audit: auditCommand,
  dora: doraCommand,
  slo: sloCommand,
  plan: planCommand,
  policy: policyCommand,
  generate: generateCommand,
  runbook: runbookCommand,
};

const commands: Record<string, (options: Options) => Promise<number> | number> = {
  build: (options) => buildCommand(PACKAGE_DIR, options),
  verify: (options) => verifyCommand(PACKAGE_DIR, options),
  serve: serveCommand,
  status: statusCommand,
  gateway: async (options) => gatewayCommand(PACKAGE_DIR, options),
  deploy: async (options) => deployCommand(PACKAGE_DIR, options),
  release: async (options) => releaseCommand(PACKAGE_DIR, options),
  releases: releasesCommand,
};

/** @returns the exit code */
async function main([name = '', ...words]: readonly string[]): Promise<number> {
  const withWords = Object.hasOwn(commandsWithWords, name) ? commandsWithWords[name] : undefined;
  if (withWords !== undefined && !words.includes('--help')) return withWords(words);
  const { words: names, options } = readArguments();
  if (options.help === true) {
    console.log(HELP);
    return 0;
  }
  const [only = '', ...more] = names;
  const command = Object.hasOwn(commands, only) ? commands[only] : undefined;
  if (command === undefined) {
    const all = [...Object.keys(commands), ...Object.keys(commandsWithWords)].join(', ');
    throw new WrongUsage(`devops: expected one command: ${all}`);
  }
  requireOwn(only, more, options);
  return command(options);
}

function isWrongUsage(error: unknown): boolean {
  return (
    error instanceof WrongUsage || String((error as { code?: unknown }).code).startsWith('ERR_PARSE_ARGS')
  );
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  console.error(`${messageOf(error)}. devops --help shows examples.`);
  process.exitCode = isWrongUsage(error) ? WRONG_USAGE : 1;
}
