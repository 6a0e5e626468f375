/**
 * Shelter: a folder outside the checkout for what the PostgreSQL account must reach.
 *
 * Rule: root often works below folders nobody else may enter (/root, a private temporary folder). PostgreSQL, which cannot
 * run as root, then can reach neither its binaries nor its data. Both move to /var/tmp, below a folder that only root can change.
 */
import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, readlink, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const SHELTER = '/var/tmp/triops-postgres';

export async function shelter(name: string): Promise<string> {
  await mkdir(SHELTER, { recursive: true, mode: 0o755 });
  const found = await stat(SHELTER);
  // /var/tmp is open to everyone: whoever made this folder could have put other binaries there.
  if (found.uid !== 0 || (found.mode & 0o022) !== 0) {
    throw new Error(
      `embedded PostgreSQL: ${SHELTER} must belong to root and be writable by root only. Remove it.`,
    );
  }
  return join(SHELTER, name);
}

/** The sheltered folder that stands in for `wanted`. Those whose link was deleted since are removed on the way. */
export async function shelterFor(wanted: string): Promise<string> {
  const home = await shelter(`data-${createHash('sha256').update(wanted).digest('hex').slice(0, 12)}`);
  for (const name of await readdir(SHELTER)) {
    if (!name.endsWith('.for')) continue;
    const other = join(SHELTER, name.slice(0, -'.for'.length));
    const link = await readFile(join(SHELTER, name), 'utf8').catch(() => '');
    if ((await readlink(link).catch(() => undefined)) === other) continue;
    await rm(join(SHELTER, name), { force: true });
    await rm(other, { recursive: true, force: true });
  }
  await writeFile(`${home}.for`, wanted);
  return home;
}
