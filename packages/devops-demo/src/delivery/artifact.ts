/**
 * Artifact: one immutable bundle of the service, addressed by its digest.
 *
 * in: the digest that was asked for, what lies in its folder → out: Opened, the artifact or the reason why it is refused
 *
 * Rule: an artifact lies in a folder of its digest's name and is verified each time before it starts: the manifest is there and can be
 * read, every file is as built, the digest is the folder's, the documents beside it are the recorded ones, and the libraries
 * installed here are those of its lock file. The digest is over sorted paths and bytes, so the same commit has the same digest.
 * When it misleads: libraries in node_modules are named by the lock file's digest and not looked at; `npm ci` is what verifies them.
 * Source: content addressing as in OCI image layouts, https://github.com/opencontainers/image-spec/blob/main/descriptor.md (2017).
 *
 *   openArtifact('f7a5…', { manifest: { kind: 'absent' }, … }) // { kind: 'refused', because: 'artifact f7a52c4a0449 is missing' }
 */
import { build } from './build.js';
import type { BuiltFile, FoundManifest, Manifest } from './build.js';
import { verify } from './verify.js';

/** What lies in an artifact's folder. */
export interface FoundArtifact {
  readonly manifest: FoundManifest;
  readonly files: readonly BuiltFile[];
  /** SHA-256 of each document that the manifest names, undefined where it is missing. */
  readonly documents: Readonly<Record<string, string | undefined>>;
  /** SHA-256 of the lock file that is installed here, undefined where there is none to read. */
  readonly installedLock: string | undefined;
}

export type Opened = { kind: 'artifact'; manifest: Manifest } | { kind: 'refused'; because: string };

const SHORT_DIGEST = 12;

export function openArtifact(digest: string, found: FoundArtifact): Opened {
  const name = `artifact ${shortDigest(digest)}`;
  if (found.manifest.kind === 'absent') return refused(`${name} is missing`);
  const verified = verify(build(found.manifest), found.files, { required: true });
  if (verified.state !== 'passed' || found.manifest.kind !== 'manifest') {
    return refused(`${name} is refused: ${verified.because}`);
  }
  const { manifest } = found.manifest;
  if (manifest.digest !== digest) {
    return refused(`${name} is refused: its folder holds ${shortDigest(manifest.digest)}`);
  }
  const document = wrongDocument(manifest, found.documents);
  if (document !== undefined) return refused(`${name} is refused: ${document}`);
  if (
    manifest.lock !== undefined &&
    found.installedLock !== undefined &&
    manifest.lock !== found.installedLock
  ) {
    return refused(`${name} is refused: it was built for other libraries than package-lock.json names`);
  }
  return { kind: 'artifact', manifest };
}

export function shortDigest(digest: string): string {
  return digest.slice(0, SHORT_DIGEST);
}

function wrongDocument(manifest: Manifest, documents: FoundArtifact['documents']): string | undefined {
  for (const document of [manifest.billOfMaterials, manifest.testReport]) {
    if (document === undefined || 'skipped' in document) continue;
    const here = documents[document.path];
    if (here === undefined) return `${document.path} is missing`;
    if (here !== document.sha256) return `${document.path} is not what was recorded`;
  }
  return undefined;
}

function refused(because: string): Opened {
  return { kind: 'refused', because };
}
