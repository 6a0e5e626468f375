/**
 * `npm run security`: secrets in tracked files, licences of installed packages. Works offline; known vulnerabilities are looked up by
 * `npm audit` in the workflow, which needs a registry.
 *
 * Exit code 1 when something was found, 2 for bad usage.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { refusedLicences } from './licences.mjs';
import { root } from './prepare.mjs';
import { readOptions } from './read-options.mjs';
import { findSecrets } from './secrets.mjs';

/** Larger files are data; nothing here is. */
const LARGEST_BYTES = 1_000_000;

readOptions('npm run security: secrets in tracked files, licences of installed packages. It has no options.');
const say = (text) => process.stdout.write(`${text}\n`);

function trackedFiles() {
  const words = ['ls-files', '-z', '--cached', '--others', '--exclude-standard'];
  return execFileSync('git', words, { cwd: root, encoding: 'utf8' })
    .split('\0')
    .filter((path) => path !== '' && statSync(join(root, path), { throwIfNoEntry: false })?.isFile());
}

const small = trackedFiles().filter((path) => statSync(join(root, path)).size <= LARGEST_BYTES);
const secrets = small.flatMap((path) =>
  findSecrets(readFileSync(join(root, path), 'utf8')).map(
    ({ line, kind }) => `${path}:${line} looks like a ${kind}`,
  ),
);
const { packages } = JSON.parse(readFileSync(join(root, 'node_modules', '.package-lock.json'), 'utf8'));
const licences = refusedLicences(packages).map(({ name, licence }) => `${name} has the licence "${licence}"`);

for (const finding of [...secrets, ...licences]) say(`found: ${finding}`);
say(
  `security: ${small.length} files without secrets: ${secrets.length === 0 ? 'yes' : 'no'}; ` +
    `${Object.keys(packages).length} packages with allowed licences: ${licences.length === 0 ? 'yes' : 'no'}`,
);
process.exitCode = secrets.length + licences.length === 0 ? 0 : 1;
