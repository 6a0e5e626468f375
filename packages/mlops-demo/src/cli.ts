/** `mlops`: the command line. The pipeline is in pipeline.ts, what the commands do in commands/cli.ts. */
import { readCommand, USAGE, UsageError } from './usage.js';

type Runs = (args: readonly string[]) => Promise<number>;

const registry: Runs = async (args) => (await import('./commands/registry/cli.js')).stage(args);

const training: Runs = async (args) => (await import('./commands/train/cli.js')).training(args);

/** Commands that read their own arguments. tfjs and DuckDB take half a second to load, so each is loaded when it is asked for. */
const OWN_COMMANDS: Readonly<Record<string, Runs>> = {
  promote: registry,
  rollback: registry,
  stage: registry,
  sign: registry,
  lineage: async (args) => (await import('./commands/reproduce/cli.js')).lineage(args),
  reproduce: async (args) => (await import('./commands/reproduce/cli.js')).reproduce(args),
  story: async (args) => (await import('./commands/story/cli.js')).story(args.slice(1)),
  retrain: async (args) => (await import('./commands/retrain/cli.js')).retrain(args.slice(1)),
  monitor: async (args) => (await import('./commands/monitor/cli.js')).monitor(args.slice(1)),
  tune: training,
  'fine-tune': training,
  card: training,
  data: async (args) => (await import('./commands/data.js')).data(args.slice(1), process.env),
};

/** Runs a command line; answers the exit code. A server runs on after it. */
async function main(args: readonly string[]): Promise<number> {
  const own = OWN_COMMANDS[args[0] ?? ''];
  if (own !== undefined) return own(args);
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

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  const bad = error instanceof UsageError;
  process.stderr.write(`mlops: ${error instanceof Error ? error.message : String(error)}\n`);
  if (bad) process.stderr.write(`\n${USAGE}`);
  process.exitCode = bad ? 2 : 1;
}
