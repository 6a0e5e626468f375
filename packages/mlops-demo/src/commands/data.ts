/** `mlops data`: versions of the flights on the command line. What it understands stands in data-usage.ts. */
import { checkout } from '../data/checkout/store.js';
import { openObjectStore } from '../data/objects/open.js';
import type { ObjectStore } from '../data/objects/object-store.js';
import { diffLines } from '../data/diff/lines.js';
import { compareVersions } from '../data/diff/store.js';
import { grouped, listLines, showLines } from '../data/versions/lines.js';
import { forkSentences } from '../data/versions/doubt.js';
import { listVersions, quarantinedNames, readVersion, verifyVersions } from '../data/versions/read.js';
import { readDataCommand } from './data-usage.js';
import type { DataCommand, Only } from './data-usage.js';
import { add, check, validate } from './data-judging.js';
import { complain, say } from './terminal.js';

/** Runs the command; answers the exit code. */
export async function data(
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): Promise<number> {
  const command = readDataCommand(args, env);
  return act(command, openObjectStore(command.place, env));
}

async function act(command: DataCommand, store: ObjectStore): Promise<number> {
  if (command.action === 'add') return add(store, command);
  if (command.action === 'list') return list(store, command);
  if (command.action === 'show') return show(store, command);
  if (command.action === 'diff') return diff(store, command);
  if (command.action === 'verify') return verify(store, command);
  if (command.action === 'validate') return validate(store, command);
  if (command.action === 'check') return check(command);
  return takeOut(store, command);
}

async function list(store: ObjectStore, { json }: Only<'list'>): Promise<number> {
  const listed = await listVersions(store);
  const { sound: versions, damaged } = listed;
  const forks = forkSentences(listed);
  const quarantined = await quarantinedNames(store, versions);
  if (json) say(JSON.stringify({ versions, damaged, forks, quarantined }, null, 2));
  else if (versions.length + damaged.length === 0)
    say(`no version in ${store.place}: run \`mlops data add\``);
  else say(listLines(listed).join('\n'));
  if (!json && quarantined.length > 0) say(`in quarantine: ${quarantined.join(', ')}`);
  return damaged.length + forks.length === 0 ? 0 : 1;
}

async function show(store: ObjectStore, { version, json }: Only<'show'>): Promise<number> {
  const read = await readVersion(store, version);
  if (read.state === 'refused') return refuse(read);
  const named = { version: read.version, manifest: read.manifest };
  say(json ? JSON.stringify(named, null, 2) : showLines(named).join('\n'));
  return 0;
}

async function diff(store: ObjectStore, command: Only<'diff'>): Promise<number> {
  const compared = await compareVersions(store, command.before, command.after);
  if (compared.state === 'refused') return refuse(compared);
  const lines = diffLines(compared.before, compared.after, compared.diff);
  say(command.json ? JSON.stringify(compared, null, 2) : lines.join('\n'));
  return 0;
}

async function verify(store: ObjectStore, { version, json }: Only<'verify'>): Promise<number> {
  const reads = version === undefined ? verifyVersions(store) : [await readVersion(store, version)];
  let sound = 0;
  let refused = 0;
  for await (const read of reads) {
    if (read.state === 'sound') sound++;
    else refused++;
    const because = read.state === 'sound' ? `${grouped(read.bytes.byteLength)} bytes` : read.because;
    if (json) say(JSON.stringify({ version: read.version, state: read.state, because }));
    else say(`${read.state === 'sound' ? '✓' : '✗'} ${read.version}  ${because}`);
  }
  if (sound + refused === 0) {
    complain(`no version in ${store.place}: run \`mlops data add\``);
    return 1;
  }
  if (!json) say(`${sound} sound, ${refused} damaged`);
  return refused === 0 ? 0 : 1;
}

async function takeOut(store: ObjectStore, { version, to, json }: Only<'checkout'>): Promise<number> {
  const read = await readVersion(store, version);
  if (read.state === 'refused') return refuse(read);
  const path = await checkout(read.version, read.bytes, to);
  say(json ? JSON.stringify({ version: read.version, path }) : `${read.version} is in ${path}`);
  return 0;
}

function refuse({ version, because }: { version: string; because: string }): number {
  complain(`${version} is refused: ${because}`);
  return 1;
}
