/**
 * Data folder: one that the PostgreSQL account may use, filled by `initdb` once, with its password beside the data.
 *
 * Rule: `initdb` fills a neighbour folder which is renamed when it is complete, so a start that was killed leaves no half database.
 */
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chown, lstat, mkdir, readFile, readlink, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import type { Binaries } from './binaries.js';
import { shelterFor } from './shelter.js';
import { spawnAs } from './system-account.js';
import type { Account } from './system-account.js';

const MAJOR_VERSION = '18';
const PASSWORD_FILE = 'triops-password';

interface Wish {
  readonly wanted: string;
  readonly password: string | undefined;
  readonly account: Account | undefined;
  readonly binaries: Binaries;
}

export async function prepareDataDir(wish: Wish): Promise<{ dataDir: string; password: string }> {
  await mkdir(dirname(wish.wanted), { recursive: true });
  const dataDir = await reachable(wish.wanted, wish.account);
  const found = await readFile(join(dataDir, 'PG_VERSION'), 'utf8').catch(() => undefined);
  if (found === undefined) await initialise(dataDir, wish);
  else if (found.trim() !== MAJOR_VERSION) {
    throw new Error(
      `embedded PostgreSQL: ${wish.wanted} was made by PostgreSQL ${found.trim()}, this is ${MAJOR_VERSION}. Delete the folder to begin again.`,
    );
  }
  return { dataDir, password: (await readFile(join(dataDir, PASSWORD_FILE), 'utf8')).trim() };
}

/** The folder itself or, when the account cannot get there, a link to one in the shelter: deleting the link begins again. */
async function reachable(wanted: string, account: Account | undefined): Promise<string> {
  if (account === undefined || (await canEnter(dirname(wanted), account))) return wanted;
  const home = await shelterFor(wanted);
  const linked = await readlink(wanted).catch(() => undefined);
  if (linked === home) return home;
  if ((await lstat(wanted).catch(() => undefined)) !== undefined) {
    throw new Error(
      `embedded PostgreSQL: the account ${account.name} cannot enter ${dirname(wanted)}. ` +
        `Move ${wanted} to where it can, or delete it to begin again.`,
    );
  }
  await rm(home, { recursive: true, force: true });
  await symlink(home, wanted);
  return home;
}

async function canEnter(folder: string, account: Account): Promise<boolean> {
  try {
    await promisify(execFile)('test', ['-x', folder], { ...spawnAs(account), cwd: '/' });
    return true;
  } catch {
    return false;
  }
}

async function initialise(dataDir: string, { binaries, account, password }: Wish): Promise<void> {
  const fresh = `${dataDir}.new-${randomBytes(4).toString('hex')}`;
  const passwordFile = join(dirname(dataDir), `.${basename(fresh)}.password`);
  try {
    await mkdir(fresh, { mode: 0o700 });
    await writeFile(passwordFile, `${password ?? randomBytes(18).toString('base64url')}\n`, { mode: 0o600 });
    if (account !== undefined) {
      await chown(fresh, account.uid, account.gid);
      await chown(passwordFile, account.uid, account.gid);
    }
    await promisify(execFile)(
      binaries.initdb,
      [
        `--pgdata=${fresh}`,
        '--username=triops',
        `--pwfile=${passwordFile}`,
        '--auth=scram-sha-256',
        '--encoding=UTF8',
        '--no-locale',
        '--no-instructions',
      ],
      { ...spawnAs(account), cwd: dirname(fresh), env: { ...process.env, LC_ALL: 'C', TZ: 'UTC' } },
    );
    await rename(passwordFile, join(fresh, PASSWORD_FILE));
    await rename(fresh, dataDir);
  } catch (error) {
    const reason = (error as { stderr?: string }).stderr ?? String(error);
    throw new Error(`embedded PostgreSQL: initdb could not fill ${dataDir}: ${reason.trim()}`, {
      cause: error,
    });
  } finally {
    await rm(fresh, { recursive: true, force: true });
    await rm(passwordFile, { force: true });
  }
}
