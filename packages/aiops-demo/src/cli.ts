/** Shell: the command `aiops`. */
import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { messageOf } from 'service-chassis/reason-of';
import { LINES_TO_FIND_HEADER, findHeader } from './parse/header.js';
import type { CutHeader } from './parse/header.js';
import { readJournal, writeJournal } from './parse/store.js';
import { TemplateMiner } from './parse/template-miner.js';
import type { incidentView } from './views.js';
import type { z } from 'zod';

const HELP = `aiops: telemetry in; templates, anomalies, incidents, causes out

  aiops serve                    run the service (PORT 8083; DATABASE_URL, PROMETHEUS_URL and others by environment)
  aiops templates FILE           cluster the lines of a log file ("-" reads standard input); the header of the lines is found and cut
      [--journal FILE]           ... and go on from, and keep, what is known in a journal: the same ids in every run
  aiops incidents [--url URL]    list the incidents of a running service (default http://127.0.0.1:8083)
  aiops --help                   this text

Exit codes: 0 all is well, 1 failed or not reached, 2 wrong usage or a wrong setting
`;

const SEE_HELP = 'aiops --help shows the commands.';
const OK = 0;
const FAILED = 1;
const BAD_USAGE = 2;
const ASK_TIMEOUT_MS = 5_000;

type Print = (text: string) => void;

/** Runs the command; returns the exit code. `serve` goes on after it returns. */
export async function runCli(
  args: string[],
  print: Print = console.log,
  printError: Print = console.error,
): Promise<number> {
  try {
    const { values, positionals } = parseArgs({
      args,
      allowPositionals: true,
      options: {
        help: { type: 'boolean', short: 'h' },
        url: { type: 'string' },
        journal: { type: 'string' },
      },
    });
    const [command, operand, ...rest] = positionals;
    if (values.help === true) return say(print, HELP, OK);
    if (rest.length > 0)
      return say(printError, `aiops: too many arguments: ${rest.join(' ')}. ${SEE_HELP}`, BAD_USAGE);
    if (command === 'serve' && operand === undefined) return await serveHere();
    if (command === 'templates' && operand !== undefined)
      return await templates(operand, values.journal, print);
    if (command === 'incidents' && operand === undefined)
      return await incidents(values.url ?? 'http://127.0.0.1:8083', print);
    return say(printError, `aiops: expected serve, templates FILE or incidents. ${SEE_HELP}`, BAD_USAGE);
  } catch (error) {
    const because = `aiops: ${messageOf(error)}`;
    return isUsage(error)
      ? say(printError, `${because}. ${SEE_HELP}`, BAD_USAGE)
      : say(printError, because, FAILED);
  }
}

/** Unknown options, and an address that is none. */
function isUsage(error: unknown): boolean {
  return (
    error instanceof TypeError && 'code' in error && /^ERR_(PARSE_ARGS|INVALID_URL)/.test(String(error.code))
  );
}

function say(print: Print, text: string, code: number): number {
  print(text);
  return code;
}

async function serveHere(): Promise<number> {
  await import('./main.js');
  return OK;
}

async function templates(file: string, journal: string | undefined, print: Print): Promise<number> {
  const miner = new TemplateMiner();
  if (journal !== undefined) for (const template of readJournal(journal)) miner.restore(template);
  const input = file === '-' ? process.stdin : createReadStream(file);
  let cut: CutHeader | undefined;
  let lines = 0;
  const first: string[] = [];
  const learnFirst = () => {
    cut = findHeader(first);
    for (const line of first) miner.learn(cut(line));
  };
  for await (const line of createInterface({ input, crlfDelay: Infinity })) {
    lines += 1;
    if (cut !== undefined) miner.learn(cut(line));
    else if (first.push(line) === LINES_TO_FIND_HEADER) learnFirst();
  }
  if (cut === undefined) learnFirst();
  if (journal !== undefined) writeJournal(journal, miner.journal());
  const mostFirst = [...miner.templates()].sort((a, b) => b.count - a.count);
  print(`${lines} lines, ${mostFirst.length} templates\n`);
  for (const { count, id, template } of mostFirst) print(`${String(count).padStart(7)}  ${id}  ${template}`);
  return OK;
}

async function incidents(url: string, print: Print): Promise<number> {
  const address = new URL('/v1/incidents', url);
  const response = await fetch(address, { signal: AbortSignal.timeout(ASK_TIMEOUT_MS) }).catch(
    (error: unknown) => {
      throw new Error(`${address.origin} does not answer. Is the service running? (aiops serve)`, {
        cause: error,
      });
    },
  );
  if (!response.ok) throw new Error(`${address.href} answered ${response.status}`);
  const answer = (await response.json()) as { incidents: z.infer<typeof incidentView>[] };
  if (answer.incidents.length === 0) print('no incidents');
  for (const { state, openedAt, closedAt, title, causes } of answer.incidents) {
    const [cause] = causes;
    print(`${state.padEnd(6)}  ${openedAt} to ${closedAt ?? 'now'}  ${title}`);
    if (cause !== undefined)
      print(`        first suspect ${cause.service}: ${cause.evidence[0] ?? 'no evidence'}`);
  }
  return OK;
}
