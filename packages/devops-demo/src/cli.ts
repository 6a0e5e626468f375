/**
 * `devops`: the delivery pipeline and the departures board from the command line.
 */
import { execFileSync } from 'node:child_process';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import type { PipelineReport } from 'service-chassis';
import { auditCommand } from './commands/audit/cli.js';
import { doraCommand } from './commands/dora/cli.js';
import { sloCommand } from './commands/slo/cli.js';
import { WrongUsage } from './commands/wrong-usage.js';
import { gatewayCommand } from './commands/gateway/cli.js';
import { deployCommand } from './commands/deploy/cli.js';
import { releaseCommand } from './commands/release/cli.js';
import { releasesCommand } from './commands/releases/cli.js';
import { generateCommand } from './commands/generate/cli.js';
import { planCommand } from './commands/plan/cli.js';
import { policyCommand } from './commands/policy/cli.js';
import { build, manifestOf } from './delivery/build.js';
import { FLAWS, isFlaw } from './delivery/flaw.js';
import { buildFlawed } from './delivery/flaw/process.js';
import { stateDirOf } from './delivery/state-dir.js';
import { readBuiltFiles, readBundle, readPackage, writeManifest } from './delivery/store.js';
import { verify } from './delivery/verify.js';

const PACKAGE_DIR = join(import.meta.dirname, '..');
const DEFAULT_URL = 'http://127.0.0.1:8081';
const STATUS_TIMEOUT_MS = 5_000;
const WRONG_USAGE = 2;
const NAME_WIDTH = 14;
const STATE_WIDTH = 9;

const HELP = `devops: the departures board and its delivery pipeline

Usage:
  devops build                 write the manifest of the compiled package and print its digest
  devops build --flaw NAME     build a flawed version into a folder of its own, for release --from
  devops verify [--dir DIR]    compare a package folder with its manifest
  devops serve [--embedded]    start the board (settings from the environment, see README.md)
  devops status [--url URL]    show the delivery pipeline of a running board
  devops audit list            who or what changed what, and why
  devops audit verify          is the audit log what was written?
  devops audit failed SUBJECT --because WHY
                               a promoted version hurts users; "restored" when that is over
  devops dora                  deployment frequency, lead time, change fail rate, recovery time
  devops slo                   error budgets and burn rates; ends with 1 while releases are frozen
  devops gateway [--embedded]  start the gateway, and behind it this version
  devops release [--from DIR | --flaw slow|errors|leak|crash|bad-migration]
                               bring a version to everybody step by step, or back
  devops deploy                on the start of the containers: run what was released last, or this when it is new
  devops releases              list what was released, and what became of it
  devops plan [--json]         what differs between docker-compose.yml and what runs
  devops policy [FILE...]      refuse declarations that are root, unlimited, open, … (also --json)
  devops generate [--check]    write what is generated in infrastructure/, or say what differs

Options:
  --dir DIR      package folder to verify (default: this package)
  --embedded     serve, gateway: start a PostgreSQL of its own below .triops, for trying things out
  --from DIR     release: a compiled package of another commit (default: this package)
  --flaw NAME    release: this version with a genuine defect, see flaws/
  --resume       release: only bring an interrupted release to its end
  --untested WHY release: although no passed run of npm test is known for the commit; goes into the audit log
  --unfreeze WHY release: although the error budget is empty; goes into the audit log
  --window S     release: seconds of one window of observation (default: 20)
  --url URL      status: address of the board (default: ${DEFAULT_URL})
  --state DIR    gateway, release, releases, audit, dora, slo: folder of artifacts, records and state
                 (default: TRIOPS_STATE_DIR, or .triops/devops)
  --help         this text

Examples:
  devops build && devops verify
  devops serve --embedded
  DATABASE_URL=postgresql://me:secret@127.0.0.1:5432/triops devops serve
  devops status --url http://127.0.0.1:8081

Exit codes: 0 all is well, 1 refused, failed or not reached, 2 wrong usage (plan: no engine), 3 drift, or a touched audit log`;

/** Commands that read their own words. */
const commandsWithWords: Record<string, (words: readonly string[]) => Promise<number>> = {
  audit: auditCommand,
  dora: doraCommand,
  slo: sloCommand,
  plan: planCommand,
  policy: policyCommand,
  generate: generateCommand,
};

const commands: Record<string, (options: Options) => Promise<number> | number> = {
  build: buildCommand,
  verify: verifyCommand,
  serve: serveCommand,
  status: statusCommand,
  gateway: async (options) => gatewayCommand(PACKAGE_DIR, options),
  deploy: async (options) => deployCommand(PACKAGE_DIR, options),
  release: async (options) => releaseCommand(PACKAGE_DIR, options),
  releases: releasesCommand,
};

interface Options {
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

function buildCommand({ flaw, state = stateDirOf(process.env) }: Options): number {
  if (flaw !== undefined) {
    if (!isFlaw(flaw)) return wrongFlaw();
    console.log(buildFlawed(PACKAGE_DIR, resolve(state), flaw));
    return 0;
  }
  const manifest = manifestOf(
    { ...readPackage(PACKAGE_DIR), commit: commitOf() },
    readBuiltFiles(PACKAGE_DIR),
  );
  writeManifest(PACKAGE_DIR, manifest);
  console.log(build({ kind: 'manifest', manifest }).because);
  return 0;
}

function wrongFlaw(): number {
  console.error(`devops build: expected --flaw ${FLAWS.join('|')}; see devops --help`);
  return WRONG_USAGE;
}

function verifyCommand({ dir }: Options): number {
  const { manifest, files } = readBundle(resolve(dir ?? PACKAGE_DIR));
  const verified = verify(build(manifest), files, { required: true });
  console.log(`${verified.state}: ${verified.because}`);
  return verified.state === 'passed' ? 0 : 1;
}

async function serveCommand({ embedded }: Options): Promise<number> {
  if (embedded === true) {
    const { startEmbeddedPostgres } = await import('service-chassis/embedded-postgres');
    process.env['DATABASE_URL'] = (await startEmbeddedPostgres({ dataDir: '.triops/postgres' })).url;
  }
  await import('./service/main.js');
  return 0;
}

async function statusCommand({ url = DEFAULT_URL }: Options): Promise<number> {
  const address = `${url.replace(/\/$/, '')}/v1/delivery`;
  try {
    const response = await fetch(address, { signal: AbortSignal.timeout(STATUS_TIMEOUT_MS) });
    if (!response.ok) throw new Error(`it answered ${response.status}`);
    const { stages } = (await response.json()) as PipelineReport;
    for (const { name, state, because } of stages)
      console.log(`${name.padEnd(NAME_WIDTH)}${state.padEnd(STATE_WIDTH)}${because}`);
    return stages.some((stage) => stage.state === 'failed') ? 1 : 0;
  } catch (error) {
    console.error(
      `devops status: cannot read ${address}: ${error instanceof Error ? error.message : String(error)}`,
    );
    return 1;
  }
}

/** The commit that was built; marked when the files differ from it, unknown outside a clone. */
function commitOf(): string {
  const given = process.env['TRIOPS_COMMIT'];
  if (given) return given;
  const git = (...words: string[]) =>
    execFileSync('git', words, {
      cwd: PACKAGE_DIR,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
  try {
    const changed = git('status', '--porcelain', '--', 'src', 'migrations', 'package.json') !== '';
    return `${git('rev-parse', 'HEAD')}${changed ? '+changes' : ''}`;
  } catch {
    return 'unknown';
  }
}

function readArguments(): { words: string[]; options: Options & { help?: boolean | undefined } } | undefined {
  try {
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
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error));
    return undefined;
  }
}

async function runWithWords(name: string, words: readonly string[]): Promise<number> {
  try {
    return (await commandsWithWords[name]?.(words)) ?? WRONG_USAGE;
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : String(error)}. devops --help shows examples.`);
    return isWrongUsage(error) ? WRONG_USAGE : 1;
  }
}

function isWrongUsage(error: unknown): boolean {
  return (
    error instanceof WrongUsage || String((error as { code?: unknown }).code).startsWith('ERR_PARSE_ARGS')
  );
}

const [name = '', ...words] = process.argv.slice(2);
const read =
  Object.hasOwn(commandsWithWords, name) && !words.includes('--help') ? undefined : readArguments();
const command = read?.words.length === 1 ? commands[read.words[0] ?? ''] : undefined;
if (read?.options.help === true) {
  console.log(HELP);
} else if (Object.hasOwn(commandsWithWords, name)) {
  process.exitCode = await runWithWords(name, words);
} else if (read === undefined || command === undefined) {
  console.error(
    `devops: expected one command: ${[...Object.keys(commands), ...Object.keys(commandsWithWords)].join(', ')}. devops --help shows examples.`,
  );
  process.exitCode = WRONG_USAGE;
} else {
  process.exitCode = await command(read.options);
}
