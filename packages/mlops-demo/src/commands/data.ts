/** `mlops data`: versions of the flights on the command line. What it understands stands in data-usage.ts. */
import { checkout } from '../data/checkout/store.js';
import { openObjectStore } from '../data/objects/open.js';
import type { ObjectStore } from '../data/objects/object-store.js';
import { diffLines } from '../data/diff/lines.js';
import { compareVersions } from '../data/diff/store.js';
import { judgeBatch } from '../data/judged-batch/store.js';
import { openFlights } from '../data/store.js';
import { batchesOf } from '../data/versions/name.js';
import { grouped, listLines, showLines } from '../data/versions/lines.js';
import { listVersions, quarantinedNames, readVersion, verifyVersions } from '../data/versions/read.js';
import { addVersions } from '../data/versions/store.js';
import type { Added } from '../data/versions/store.js';
import { reportLines } from '../validate/batch-report.js';
import { Rehearsal, rehearsalLines, UNDAMAGED } from '../validate/rehearsal.js';
import { UsageError } from '../usage.js';
import { packagedFile, readAirports } from '../vega-datasets/store.js';
import { DATA_USAGE, readDataCommand } from './data-usage.js';
import type { DataCommand } from './data-usage.js';

type Only<Action> = Extract<DataCommand, { action: Action }>;

/** The recorded flights. Six more are dated 1 July: after midnight, with the wrong day. */
const RECORDED_DAYS = { from: '2001-01-01', through: '2001-06-30' };

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
  return act(command, openObjectStore(command.place, env));
}

async function act(command: Exclude<DataCommand, { action: 'help' }>, store: ObjectStore): Promise<number> {
  if (command.action === 'add') return add(store, command);
  if (command.action === 'list') return list(store, command);
  if (command.action === 'show') return show(store, command);
  if (command.action === 'diff') return diff(store, command);
  if (command.action === 'verify') return verify(store, command);
  if (command.action === 'validate') return validate(store, command);
  if (command.action === 'check') return check(command);
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
      ? { through: through ?? RECORDED_DAYS.through }
      : through === undefined
        ? {}
        : { through }),
    ...(airports === undefined ? {} : { airports }),
  };
  const counts = { added: 0, 'already there': 0, quarantined: 0 };
  for await (const batch of addVersions(store, request, readAirports())) {
    counts[batch.state]++;
    say(json ? JSON.stringify(batch) : addedLine(batch));
  }
  if (counts.added + counts['already there'] + counts.quarantined === 0) {
    complain('the file has no flight of these days');
    return 1;
  }
  return counts.quarantined === 0 ? 0 : 1;
}

function addedLine(batch: Added): string {
  if (batch.state !== 'quarantined') {
    const sign = batch.state === 'added' ? '+ added' : '= there already';
    return `${sign}  ${batch.version}  ${grouped(batch.manifest.rows)} rows`;
  }
  return ['✗ quarantined, no version:', ...reportLines(batch.report)].join('\n');
}

async function validate(store: ObjectStore, command: Only<'validate'>): Promise<number> {
  const judged = await judgeBatch(store, command, readAirports());
  if (judged.state === 'refused') {
    complain(judged.because);
    return 1;
  }
  const { report } = judged;
  say(command.json ? JSON.stringify(report, null, 2) : reportLines(report).join('\n'));
  return report.state === 'passed' ? 0 : 1;
}

async function check({ airports, json }: Only<'check'>): Promise<number> {
  const rehearsal = new Rehearsal(readAirports());
  const source = await openFlights({ threads: 1 });
  try {
    for (const month of batchesOf(RECORDED_DAYS, 'month')) {
      rehearsal.add(await source.read({ ...month, ...(airports === undefined ? {} : { airports }) }));
      if (!json) process.stderr.write(`judged ${month.from} to ${month.through}\n`);
    }
  } finally {
    source.close();
  }
  say(json ? JSON.stringify(rehearsal.table(), null, 2) : rehearsalLines(rehearsal.table()).join('\n'));
  return rehearsal.table().some(({ damage, refused }) => damage === UNDAMAGED && refused > 0) ? 1 : 0;
}

async function list(store: ObjectStore, { json }: Only<'list'>): Promise<number> {
  const versions = await listVersions(store);
  const quarantined = await quarantinedNames(store, versions);
  if (json) say(JSON.stringify({ versions, quarantined }, null, 2));
  else if (versions.length === 0) say(`no version in ${store.place}: run \`mlops data add\``);
  else say(listLines(versions).join('\n'));
  if (!json && quarantined.length > 0) say(`in quarantine: ${quarantined.join(', ')}`);
  return 0;
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

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

function complain(text: string): void {
  process.stderr.write(`mlops data: ${text}\n`);
}
