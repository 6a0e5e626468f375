/** What every benchmark is asked: `--kit DIR` (the public data) and, for some, `--out PLACE` (where predictions go). */
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';

export interface BenchOptions {
  /** Undefined when the data are not there: the benchmark then says so and is skipped. */
  readonly kit: string | undefined;
  readonly out: string | undefined;
}

/** Where the kits stand beside a checkout. */
const USUAL_PLACE = '../../../../../shared/benchmarks';

const BAD_USAGE = 2;

/** Ends the program in one line when what was asked for is not understood. */
export function orBadUsage<Options>(read: () => Options, hint = ''): Options {
  try {
    return read();
  } catch (error) {
    process.stderr.write(`bench: ${error instanceof Error ? error.message : String(error)}\n${hint}`);
    return process.exit(BAD_USAGE);
  }
}

/** @param kitName folder of the kit, `loghub` */
export function benchOptions(kitName: string, argv = process.argv.slice(2)): BenchOptions {
  return orBadUsage(() => readOptions(kitName, argv));
}

/** @throws when an option is unknown or `--kit` names nothing */
function readOptions(kitName: string, argv: string[]): BenchOptions {
  const { values } = parseArgs({ args: argv, options: { kit: { type: 'string' }, out: { type: 'string' } } });
  const base = process.env['INIT_CWD'] ?? process.cwd();
  if (values.kit !== undefined && !existsSync(resolve(base, values.kit))) {
    throw new Error(`--kit: expected a folder with benchmark data, got ${values.kit}`);
  }
  const usual = new URL(`${USUAL_PLACE}/${kitName}`, import.meta.url).pathname;
  const kit = values.kit === undefined ? (existsSync(usual) ? usual : undefined) : resolve(base, values.kit);
  return { kit, out: values.out === undefined ? undefined : resolve(base, values.out) };
}
