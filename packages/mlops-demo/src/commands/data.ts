/** `mlops data`: versions of the flights on the command line. What it understands stands in data-usage.ts. */
import { checkout } from '../data/checkout/store.js';
import { openObjectStore } from '../data/objects/open.js';
import type { ObjectStore } from '../data/objects/object-store.js';
import { grouped, listLines, showLines } from '../data/versions/lines.js';
import { listVersions, readVersion, verifyVersions } from '../data/versions/read.js';
import type { ReadVersion } from '../data/versions/read.js';
import { addVersions } from '../data/versions/store.js';
import { UsageError } from '../usage.js';
import { packagedFile } from '../vega-datasets/store.js';
import { DATA_USAGE, readDataCommand } from './data-usage.js';
import type { DataCommand } from './data-usage.js';

type Only<Action> = Extract<DataCommand, { action: Action }>;

/** The last whole day of the recorded flights. Six more are dated 1 July: after midnight, with the wrong day. */
const LAST_RECORDED_DAY = '2001-06-30';

/** Runs the command; answers the exit code. */
export async function data(
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): Promise<number> {
  const command = understood(args, env);
  if (command === undefined) return 2;
  if (command.action === 'help') {
    say(DATA_USAGE.trimEnd());
    return 0;
  }
  return act(command, openObjectStore(command.place));
}

async function act(command: Exclude<DataCommand, { action: 'help' }>, store: ObjectStore): Promise<number> {
  if (command.action === 'add') return add(store, command);
  if (command.action === 'list') return list(store, command);
  if (command.action === 'show') return show(store, command);
  if (command.action === 'verify') return verify(store, command);
  return takeOut(store, command);
}

function understood(...line: Parameters<typeof readDataCommand>): DataCommand | undefined {
  try {
    return readDataCommand(...line);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    complain(`${error.message}\n\n${DATA_USAGE}`);
    return undefined;
  }
}

async function add(store: ObjectStore, command: Only<'add'>): Promise<number> {
  const { file, by, from, through, airports, json } = command;
  const request = {
    file: file ?? packagedFile('flights-3m.parquet'),
    by,
    ...(from === undefined ? {} : { from }),
    ...(file === undefined
      ? { through: through ?? LAST_RECORDED_DAY }
      : through === undefined
        ? {}
        : { through }),
    ...(airports === undefined ? {} : { airports }),
  };
  let batches = 0;
  for await (const { state, version, manifest } of addVersions(store, request)) {
    batches++;
    if (json) say(JSON.stringify({ state, version, rows: manifest.rows, sha256: manifest.object.sha256 }));
    else
      say(`${state === 'added' ? '+ added' : '= there already'}  ${version}  ${grouped(manifest.rows)} rows`);
  }
  if (batches > 0) return 0;
  complain(`the file has no flight of these days`);
  return 1;
}

async function list(store: ObjectStore, { json }: Only<'list'>): Promise<number> {
  const versions = await listVersions(store);
  if (json) say(JSON.stringify(versions, null, 2));
  else if (versions.length === 0) say(`no version in ${store.place}: run \`mlops data add\``);
  else say(listLines(versions).join('\n'));
  return 0;
}

async function show(store: ObjectStore, { version, json }: Only<'show'>): Promise<number> {
  const read = await readVersion(store, version);
  if (read.state === 'refused') return refuse(read);
  const named = { version: read.version, manifest: read.manifest };
  say(json ? JSON.stringify(named, null, 2) : showLines(named).join('\n'));
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

function refuse({ version, because }: Extract<ReadVersion, { state: 'refused' }>): number {
  complain(`${version} is refused: ${because}`);
  return 1;
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

function complain(text: string): void {
  process.stderr.write(`mlops data: ${text}\n`);
}
