/** The options of the commands that share them, as they were written on the command line. */
import { parseArgs } from 'node:util';

/** Where a board is, unless one says otherwise. */
export const DEFAULT_URL = 'http://127.0.0.1:8081';

export interface Options {
  dir?: string | undefined;
  url?: string | undefined;
  embedded?: boolean | undefined;
  from?: string | undefined;
  flaw?: string | undefined;
  resume?: boolean | undefined;
  window?: string | undefined;
  untested?: string | undefined;
  unfreeze?: string | undefined;
  state?: string | undefined;
}

export interface Read {
  words: string[];
  options: Options & { help?: boolean | undefined };
}

/** @throws what is wrong with the words. */
export function readArguments(): Read {
  const { positionals: words, values: options } = parseArgs({
    allowPositionals: true,
    options: {
      dir: { type: 'string' },
      url: { type: 'string' },
      embedded: { type: 'boolean' },
      from: { type: 'string' },
      flaw: { type: 'string' },
      resume: { type: 'boolean' },
      window: { type: 'string' },
      untested: { type: 'string' },
      unfreeze: { type: 'string' },
      state: { type: 'string' },
      help: { type: 'boolean', short: 'h' },
    },
  });
  return { words, options };
}
