/**
 * Prepare: brings a clone to where its programs can run: the right Node, the packages, the builds.
 *
 * Rule: it says what it does and how long that takes, does nothing that is done already, and uses Node's own modules only,
 * because it runs before anything is installed.
 */
import { spawn } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('..', import.meta.url));

/** The oldest Node that the packages support (package.json, "engines"). */
export const OLDEST_NODE = [20, 19];
/** Where nothing listens: the native tfjs package's download fails at once, and the fallback backend is used. */
const NO_DOWNLOAD = 'http://127.0.0.1:9/';
const DOWNLOAD_HOST = 'storage.googleapis.com';
const PROBE_MS = 4_000;
/** A server that accepts and never answers would hang the installation for ever. */
const INSTALL_PATIENCE_MS = 8 * 60_000;

/** Undefined when this Node will do, else what to do about it. */
export function nodeProblem(version = process.versions.node) {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [oldestMajor, oldestMinor] = OLDEST_NODE;
  if (major > oldestMajor || (major === oldestMajor && minor >= oldestMinor)) return undefined;
  return `Triops needs Node ${oldestMajor}.${oldestMinor} or newer; this is ${version}. Get one from https://nodejs.org (22 is a good choice).`;
}

/** Undefined when the installed packages are those of package-lock.json, else why they must be installed. */
export function whyInstall(folder = root) {
  const lock = join(folder, 'package-lock.json');
  // npm writes this file last, so it is missing after an installation that was cut off.
  const installed = join(folder, 'node_modules', '.package-lock.json');
  if (!existsSync(installed)) return 'no packages are installed yet';
  if (statSync(lock).mtimeMs > statSync(installed).mtimeMs)
    return 'package-lock.json is newer than what is installed';
  return undefined;
}

/** Ends the process with a clear sentence when this Node is too old. */
export function requireNode() {
  const problem = nodeProblem();
  if (problem === undefined) return;
  process.stderr.write(`${problem}\n`);
  process.exit(1);
}

/** Installs the packages when they are missing or old. */
export async function install(say) {
  const why = whyInstall();
  if (why === undefined) return;
  const env = await installEnvironment(say);
  say(`Installing packages with "npm ci": ${why}. This takes a minute or two the first time.`);
  const began = Date.now();
  let outcome = await npmCi(env);
  if (outcome.timedOut && env.TFJS_NODE_CDN_STORAGE !== NO_DOWNLOAD) {
    say('The installation hangs, probably in the download of native tfjs. Again without it.');
    outcome = await npmCi({ ...env, TFJS_NODE_CDN_STORAGE: NO_DOWNLOAD });
  }
  if (outcome.code !== 0) {
    process.stderr.write(
      `${outcome.output}\n"npm ci" failed (see above). npm run doctor tells what may be missing.\n`,
    );
    process.exit(1);
  }
  say(`Installed in ${seconds(began)} s.`);
}

/** Builds what `filter` names and needs. Prints the compiler's words only when it fails. */
export async function build(say, filter) {
  const began = Date.now();
  const { code, output } = await turbo(['run', 'build', ...filter, '--output-logs=errors-only'], 'capture');
  if (code !== 0) {
    process.stderr.write(`${output}\nThe build failed (see above).\n`);
    process.exit(1);
  }
  const cached = /Cached:\s+(\d+) cached, (\d+) total/.exec(output.replace(COLOUR_CODES, ''));
  say(
    `Built in ${seconds(began)} s${cached === null ? '' : ` (${cached[1]} of ${cached[2]} steps were up to date)`}.`,
  );
}

// eslint-disable-next-line no-control-regex
const COLOUR_CODES = /\u001B\[[0-9;]*m/g;

/** Runs turborepo. `output`: 'show' prints as it goes, 'capture' returns it. */
export function turbo(args, output) {
  const program = join(root, 'node_modules', 'turbo', 'bin', 'turbo');
  return run(process.execPath, [program, ...args], {
    output,
    env: { ...process.env, TURBO_TELEMETRY_DISABLED: '1', DO_NOT_TRACK: '1', TURBO_NO_UPDATE_NOTIFIER: '1' },
  });
}

/**
 * Runs a program in the repository's root and waits for its end. With `patienceMs` it, and whatever it started, is ended when
 * it takes longer.
 */
export function run(program, args, { output = 'show', env = process.env, patienceMs, shell = false } = {}) {
  return new Promise((resolve) => {
    const stdio = output === 'show' ? 'inherit' : ['ignore', 'pipe', 'pipe'];
    const detached = patienceMs !== undefined && process.platform !== 'win32';
    const child = spawn(program, args, { cwd: root, env, stdio, shell, detached });
    let text = '';
    let timedOut = false;
    for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk) => (text += chunk));
    // In a group of its own it does not hear Ctrl-C: pass it on.
    const interrupt = () => {
      endGroup(child, detached);
      process.exit(130);
    };
    if (detached) for (const signal of STOP_SIGNALS) process.once(signal, interrupt);
    const patience = setTimeout(() => {
      timedOut = true;
      endGroup(child, detached);
    }, patienceMs ?? LONGEST_TIMER_MS);
    const end = (code) => {
      clearTimeout(patience);
      for (const signal of STOP_SIGNALS) process.off(signal, interrupt);
      resolve({ code, output: text, timedOut });
    };
    child.once('error', (error) => {
      text += String(error);
      end(1);
    });
    child.once('close', (code) => end(code ?? 1));
  });
}

const STOP_SIGNALS = ['SIGINT', 'SIGTERM'];
const LONGEST_TIMER_MS = 2 ** 31 - 1;

function endGroup(child, detached) {
  try {
    process.kill(detached ? -child.pid : child.pid, 'SIGKILL');
  } catch {
    // It is gone already.
  }
}

function npmCi(env) {
  // Under "npm run", npm tells where it is; otherwise it is looked up, which on Windows needs a shell.
  const npm = process.env.npm_execpath;
  const args = ['ci', '--no-audit', '--no-fund', '--loglevel=error'];
  const options = { output: 'capture', env, patienceMs: INSTALL_PATIENCE_MS };
  return npm !== undefined && /npm-cli\.c?js$/.test(npm)
    ? run(process.execPath, [npm, ...args], options)
    : run('npm', args, { ...options, shell: process.platform === 'win32' });
}

async function installEnvironment(say) {
  const env = { ...process.env };
  if (env.TFJS_NODE_CDN_STORAGE !== undefined) return env;
  const proxied = ['HTTPS_PROXY', 'https_proxy', 'npm_config_https_proxy'].some((name) => env[name]);
  const major = Number(process.versions.node.split('.')[0]);
  const why =
    major >= 23
      ? `it does not work on Node ${major}`
      : proxied || (await reachable(DOWNLOAD_HOST))
        ? undefined
        : `${DOWNLOAD_HOST} cannot be reached from here`;
  if (why === undefined) return env;
  say(`Native tfjs is left out: ${why}. The demo uses the WebAssembly backend.`);
  return { ...env, TFJS_NODE_CDN_STORAGE: NO_DOWNLOAD };
}

function reachable(host) {
  return new Promise((resolve) => {
    const socket = connect({ host, port: 443, timeout: PROBE_MS });
    const answer = (yes) => {
      socket.destroy();
      resolve(yes);
    };
    socket.once('connect', () => answer(true));
    socket.once('timeout', () => answer(false));
    socket.once('error', () => answer(false));
    // A name that is looked up for ever does not count as a socket timeout.
    setTimeout(() => answer(false), PROBE_MS).unref();
  });
}

export function seconds(began) {
  return ((Date.now() - began) / 1_000).toFixed(1);
}
