/**
 * One version's folder on disk: its files and the manifest that vouches for them.
 *
 * Rule: written beside its place and renamed into it when every byte is on disk, so a half-written one is never seen. Reading checks the
 * digest of every file, that the manifest is of this version, and that it was signed with a key one trusts.
 */
import type { KeyObject } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { reasonOf } from 'service-chassis/reason-of';
import { digestOf } from '../digest.js';
import { draftOf, renameDurably, replaceDurably, syncFolder, writeDurably } from '../durable/store.js';
import { parseManifest } from '../any-manifest.js';
import type { AnyArtifact, AnyManifest } from '../any-manifest.js';
import { signManifest, verifyManifest } from '../signature.js';

const SIGNATURE = 'manifest.sig';

export type ArtifactOnDisk =
  { state: 'sound'; artifact: AnyArtifact } | { state: 'damaged'; because: string };
export type ManifestOnDisk = { state: 'read'; manifest: AnyManifest } | { state: 'damaged'; because: string };

export async function writeArtifact(place: string, artifact: AnyArtifact, key: KeyObject): Promise<void> {
  const draft = draftOf(place);
  await mkdir(draft, { recursive: true });
  for (const [name, bytes] of Object.entries(artifact.files)) await writeDurably(join(draft, name), bytes);
  const manifest = new TextEncoder().encode(`${JSON.stringify(artifact.manifest, null, 2)}\n`);
  await writeDurably(join(draft, 'manifest.json'), manifest);
  await writeDurably(join(draft, SIGNATURE), signManifest(manifest, key));
  await syncFolder(draft);
  await renameDurably(draft, place);
}

/** Signs what lies there, as it lies there. */
export async function signArtifact(place: string, key: KeyObject): Promise<void> {
  const manifest = await readFile(join(place, 'manifest.json'));
  await replaceDurably(join(place, SIGNATURE), signManifest(manifest, key));
}

/** The artifact, if its signature is valid. */
export async function readArtifact(place: string, trusted: readonly KeyObject[]): Promise<ArtifactOnDisk> {
  const artifact = await readUnsigned(place);
  if (artifact.state === 'damaged') return artifact;
  const path = join(place, SIGNATURE);
  const signature = existsSync(path) ? await readFile(path, 'utf8') : undefined;
  const verdict = verifyManifest(await readFile(join(place, 'manifest.json')), signature, trusted);
  return verdict.state === 'valid' ? artifact : { state: 'damaged', because: verdict.because };
}

/** The artifact, whoever wrote it. */
export async function readUnsigned(place: string): Promise<ArtifactOnDisk> {
  const read = await readManifest(place);
  if (read.state === 'damaged') return read;
  const { version } = read.manifest;
  if (version !== basename(place)) return { state: 'damaged', because: `its manifest is that of ${version}` };
  const files: Record<string, Uint8Array> = {};
  for (const [name, expected] of Object.entries(read.manifest.files)) {
    const path = join(place, name);
    if (!existsSync(path)) return { state: 'damaged', because: `${name} is missing` };
    const content = await readFile(path);
    files[name] = content;
    const { sha256, bytes } = digestOf(content);
    if (sha256 !== expected.sha256) {
      const found = `${bytes} bytes with sha256 ${sha256.slice(0, 12)}…`;
      const wanted = `${expected.bytes} bytes with ${expected.sha256.slice(0, 12)}…`;
      return { state: 'damaged', because: `${name} has ${found}, its manifest says ${wanted}` };
    }
  }
  // The schema of a manifest names the files of its kind.
  return { state: 'sound', artifact: { manifest: read.manifest, files } as AnyArtifact };
}

export async function readManifest(place: string): Promise<ManifestOnDisk> {
  try {
    const text = await readFile(join(place, 'manifest.json'), 'utf8');
    return { state: 'read', manifest: parseManifest(JSON.parse(text)) };
  } catch (error) {
    return { state: 'damaged', because: `manifest.json cannot be read (${reasonOf(error)})` };
  }
}
