/**
 * Build: one manifest that says exactly which files a version consists of.
 *
 * in: the files of the compiled package → out: Manifest (name, version, commit, every file's SHA-256, one digest)
 *
 * Rule: digest = SHA-256 over the lines `<sha256>  <path>\n`, sorted by path: what `sha256sum` prints. Neither time nor
 * machine enters, so the same files have the same digest everywhere.
 * When it misleads: the digest says that files are the same, not who built them; a signature would. The commit is
 * what git says at the build (built-commit/store.ts).
 * Source: reproducible builds, https://reproducible-builds.org/docs/definition/ (2015); SLSA provenance names the same fields.
 *
 *   digestOf([{ path: 'a', sha256: 'ff…', bytes: 1 }]) // SHA-256 of 'ff…  a\n'
 */
import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { Tested } from './ci-report.js';
import type { Stage } from './stage.js';

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);

/** A document that was made with the version and lies beside its files, or why there is none. */
const attestation = z.union([
  z.strictObject({ path: z.string(), sha256 }),
  z.strictObject({ skipped: z.string() }),
]);

export const manifestSchema = z.strictObject({
  name: z.string(),
  version: z.string(),
  commit: z.string(),
  digest: sha256,
  files: z.array(z.strictObject({ path: z.string(), sha256: z.string(), bytes: z.int() })),
  /** SHA-256 of the lock file, which fixes every library that the version shares with the others. */
  lock: sha256.optional(),
  billOfMaterials: attestation.optional(),
  testReport: attestation.optional(),
});

export type Manifest = z.infer<typeof manifestSchema>;
export type BuiltFile = Manifest['files'][number];
export type Attestation = z.infer<typeof attestation>;

/** What was found where a manifest should lie. */
export type FoundManifest =
  { kind: 'manifest'; manifest: Manifest } | { kind: 'absent' } | { kind: 'unreadable'; because: string };

export type Built = Stage & { found: FoundManifest };

export function manifestOf(
  about: Pick<Manifest, 'name' | 'version' | 'commit'>,
  files: readonly BuiltFile[],
): Manifest {
  const { name, version, commit } = about;
  return { name, version, commit, digest: digestOf(files), files: sorted(files) };
}

export function digestOf(files: readonly BuiltFile[]): string {
  const hash = createHash('sha256');
  for (const { path, sha256 } of sorted(files)) hash.update(`${sha256}  ${path}\n`);
  return hash.digest('hex');
}

/** The stage: is there a bundle, and which? `tested` is told beside it; whether it may be released is may-release.ts' question. */
export function build(found: FoundManifest, tested?: Tested): Built {
  if (found.kind === 'unreadable') return { state: 'failed', because: found.because, found };
  if (found.kind === 'absent') {
    return { state: 'skipped', because: 'runs without a manifest, as in development', found };
  }
  const { name, version, commit, files, digest } = found.manifest;
  const what = `${name} ${version} of commit ${shortCommit(commit)}`;
  const tests = tested === undefined ? '' : `; ${tested.because}`;
  const because = `${what}: ${files.length} files, digest ${digest.slice(0, 12)}${tests}`;
  return { state: 'passed', because, found };
}

/** shortCommit('c0ffee00c0ffee00+changes') // 'c0ffee00c0ff+changes' */
function shortCommit(commit: string): string {
  return commit.replace(/^([0-9a-f]{12})[0-9a-f]*/, '$1');
}

/** By code unit, not by locale: the order must be the same on every machine. */
function sorted(files: readonly BuiltFile[]): BuiltFile[] {
  return [...files].sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
}
