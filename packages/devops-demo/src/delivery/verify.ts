/**
 * Verify: is what lies here what was built?
 *
 * in: Built, the files that lie here → out: Verified
 *
 * Rule: every file of the manifest is there with its digest, no other file is, and the manifest's own digest fits its list.
 * A bundle that fails must not start. In development there is no manifest, which is said and allowed; where one is
 * required (`NODE_ENV=production`), its absence fails.
 * When it misleads: whoever can change a file can change the manifest with it. This finds accidents, half copies and
 * careless edits; against an attacker it needs a signature. Libraries in node_modules are not covered, the lock file is for them.
 * Source: The Update Framework, https://theupdateframework.github.io/specification/latest/ (hashes before use).
 *
 *   verify(built, filesAsBuilt, { required: true })      // { state: 'passed', because: '153 files as built, …' }
 *   verify(built, filesWithOneEdited, { required: true }) // { state: 'failed', because: 'dist/main.js is not what was built' }
 */
import { digestOf } from './build.js';
import type { Built, BuiltFile, Manifest } from './build.js';
import type { Stage } from './stage.js';

export interface Verified extends Stage {
  /** The digest of what runs, when it is what was built. */
  digest: string | null;
}

const NAMED_FILES = 3;

export function verify(
  built: Built,
  files: readonly BuiltFile[],
  { required }: { required: boolean },
): Verified {
  const { found } = built;
  if (found.kind === 'unreadable') return refused(`the manifest cannot be read: ${found.because}`);
  if (found.kind === 'absent') {
    if (required) return refused('there is no manifest, and production requires one: run the build again');
    return { state: 'skipped', because: 'nothing to verify: there is no manifest', digest: null };
  }
  const { manifest } = found;
  const wrong = differences(manifest, files);
  if (wrong.length > 0) {
    const more = wrong.length > NAMED_FILES ? ` and ${wrong.length - NAMED_FILES} more` : '';
    return refused(`${wrong.slice(0, NAMED_FILES).join('; ')}${more}`);
  }
  const because = `${files.length} files as built, digest ${manifest.digest.slice(0, 12)}`;
  return { state: 'passed', because, digest: manifest.digest };
}

function differences(manifest: Manifest, files: readonly BuiltFile[]): string[] {
  if (digestOf(manifest.files) !== manifest.digest) return ['the manifest does not fit its own digest'];
  const here = new Map(files.map((file) => [file.path, file.sha256]));
  const listed = new Set(manifest.files.map((file) => file.path));
  return [
    ...manifest.files
      .filter((file) => here.get(file.path) !== file.sha256)
      .map(({ path }) => (here.has(path) ? `${path} is not what was built` : `${path} is missing`)),
    ...files.filter((file) => !listed.has(file.path)).map(({ path }) => `${path} was not built`),
  ];
}

function refused(because: string): Verified {
  return { state: 'failed', because, digest: null };
}
