/**
 * The options of the commands that share them, as they were written on the command line.
 *
 * Rule: an option of another command is refused, as a word too many is: who wrote it believes that it does something.
 */
import { parseArgs } from 'node:util';
import { WrongUsage } from './wrong-usage.js';

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

const OPTIONS_OF: Readonly<Record<string, readonly (keyof Options)[]>> = {
  build: ['flaw', 'state'],
  verify: ['dir'],
  serve: ['embedded'],
  status: ['url', 'state'],
  gateway: ['embedded', 'state'],
  deploy: ['state'],
  release: ['from', 'flaw', 'resume', 'window', 'untested', 'unfreeze', 'state'],
  releases: ['state'],
};

/** @throws WrongUsage naming what the command does not know, or cannot use */
export function requireOwn(command: string, words: readonly string[], options: Options): void {
  const [extra] = words;
  if (extra !== undefined) throw new WrongUsage(`devops ${command}: expected no more words, got "${extra}"`);
  const own: readonly string[] = OPTIONS_OF[command] ?? [];
  if (options.url !== undefined && !isWebAddress(options.url))
    throw new WrongUsage(`devops ${command}: expected --url http://HOST:PORT, got "${options.url}"`);
  const other = Object.keys(options).find((name) => !own.includes(name));
  if (other === undefined) return;
  const known = own.map((name) => `--${name}`).join(', ');
  throw new WrongUsage(`devops ${command}: expected ${known}, got --${other}`);
}

function isWebAddress(url: string): boolean {
  return URL.canParse(url) && /^https?:$/.test(new URL(url).protocol);
}
