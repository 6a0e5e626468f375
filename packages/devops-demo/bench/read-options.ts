/** Reads a benchmark's options. What it does not know ends it with 2, before it has started anything: nobody shall read numbers of other settings. */
import { parseArgs } from 'node:util';
import type { ParseArgsConfig } from 'node:util';

const WRONG_USAGE = 2;

type Table = NonNullable<ParseArgsConfig['options']>;
type Values<Options extends Table> = ReturnType<typeof parseArgs<{ options: Options }>>['values'];

export function readOptions<const Options extends Table>(options: Options): Values<Options> {
  try {
    return parseArgs({ options }).values;
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    return process.exit(WRONG_USAGE);
  }
}
