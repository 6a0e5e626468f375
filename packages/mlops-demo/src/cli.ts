/** `mlops`: the command line. The pipeline is in pipeline.ts, what the commands do in commands/cli.ts. */
import { UsageError } from './command-line.js';
import { DATA_USAGE } from './commands/data-usage.js';
import { MONITOR_USAGE } from './commands/monitor.js';
import { REGISTRY_USAGE } from './commands/registry.js';
import { REPRODUCE_USAGE } from './commands/reproduce.js';
import { RETRAIN_USAGE } from './commands/retrain.js';
import { STORY_USAGE } from './commands/story.js';
import { outliveReader } from './commands/terminal.js';
import { TRAIN_USAGE } from './commands/train.js';
import { readCommand, USAGE } from './usage.js';

type Runs = (args: readonly string[]) => Promise<number>;

interface OwnCommand {
  help: string;
  runs: Runs;
}

const registry: OwnCommand = {
  help: REGISTRY_USAGE,
  runs: async (args) => (await import('./commands/registry/cli.js')).stage(args),
};

const training: OwnCommand = {
  help: TRAIN_USAGE,
  runs: async (args) => (await import('./commands/train/cli.js')).training(args),
};

/** Commands that read their own arguments. tfjs and DuckDB take half a second to load, so each is loaded when it is asked for. */
const OWN_COMMANDS: Readonly<Record<string, OwnCommand>> = {
  promote: registry,
  rollback: registry,
  stage: registry,
  sign: registry,
  lineage: {
    help: REPRODUCE_USAGE,
    runs: async (args) => (await import('./commands/reproduce/cli.js')).lineage(args),
  },
  reproduce: {
    help: REPRODUCE_USAGE,
    runs: async (args) => (await import('./commands/reproduce/cli.js')).reproduce(args),
  },
  story: {
    help: STORY_USAGE,
    runs: async (args) => (await import('./commands/story/cli.js')).story(args.slice(1)),
  },
  retrain: {
    help: RETRAIN_USAGE,
    runs: async (args) => (await import('./commands/retrain/cli.js')).retrain(args.slice(1)),
  },
  monitor: {
    help: MONITOR_USAGE,
    runs: async (args) => (await import('./commands/monitor/cli.js')).monitor(args.slice(1)),
  },
  tune: training,
  'fine-tune': training,
  card: training,
  data: {
    help: DATA_USAGE,
    runs: async (args) => (await import('./commands/data.js')).data(args.slice(1), process.env),
  },
};

/** Runs a command line; answers the exit code. A server runs on after it. */
async function main(args: readonly string[]): Promise<number> {
  const own = ownCommand(args);
  if (own !== undefined && asksForHelp(args)) {
    process.stdout.write(own.help);
    return 0;
  }
  if (own !== undefined) return own.runs(args);
  const command = readCommand(args, process.env);
  if (command.command === 'help') {
    process.stdout.write(USAGE);
    return 0;
  }
  if (command.command === 'serve') {
    await import('./serve/main.js');
    return 0;
  }
  if (command.command === 'list') {
    const { list } = await import('./commands/registry/cli.js');
    return list(command.modelsDir);
  }
  const { run, runIfNone } = await import('./commands/cli.js');
  return command.ifNone ? runIfNone(command) : run(command);
}

function ownCommand([name = '']: readonly string[]): OwnCommand | undefined {
  return Object.hasOwn(OWN_COMMANDS, name) ? OWN_COMMANDS[name] : undefined;
}

function asksForHelp([, second, ...rest]: readonly string[]): boolean {
  return second === 'help' || [second, ...rest].some((word) => word === '--help' || word === '-h');
}

function helpOf(command = ''): string {
  return ownCommand([command]) === undefined ? 'npx mlops --help' : `npx mlops ${command} --help`;
}

outliveReader();
try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  const bad = error instanceof UsageError;
  const reason = error instanceof Error ? error.message : String(error);
  process.stderr.write(`mlops: ${reason}${bad ? `; ${helpOf(process.argv[2])} shows examples` : ''}\n`);
  process.exitCode = bad ? 2 : 1;
}
