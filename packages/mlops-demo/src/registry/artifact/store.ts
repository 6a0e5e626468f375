/**
 * One version's folder on disk: its files and the manifest that vouches for them.
 *
 * Rule: written beside its place and renamed into it when every byte is on disk, so a half-written one is never seen. Reading checks the
 * digest of every file.
 */
import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { digestOf } from '../digest.js';
import { renameDurably, syncFolder, writeDurably } from '../durable/store.js';
import { ARTIFACT_FILES, manifestSchema } from '../manifest.js';
import type { Artifact, ArtifactFile, ModelManifest } from '../manifest.js';

export type ArtifactOnDisk = ({ state: 'sound' } & Artifact) | { state: 'damaged'; because: string };
export type ManifestOnDisk =
  { state: 'read'; manifest: ModelManifest } | { state: 'damaged'; because: string };

export async function writeArtifact(place: string, artifact: Artifact): Promise<void> {
  const draft = join(dirname(place), `.${basename(place)}.${randomUUID()}`);
  await mkdir(draft, { recursive: true });
  for (const name of ARTIFACT_FILES) await writeDurably(join(draft, name), artifact.files[name]);
  await writeDurably(join(draft, 'manifest.json'), `${JSON.stringify(artifact.manifest, null, 2)}\n`);
  await syncFolder(draft);
  await renameDurably(draft, place);
}

export async function readArtifact(place: string): Promise<ArtifactOnDisk> {
  const read = await readManifest(place);
  if (read.state === 'damaged') return read;
  const files = {} as Record<ArtifactFile, Uint8Array>;
  for (const name of ARTIFACT_FILES) {
    const path = join(place, name);
    if (!existsSync(path)) return { state: 'damaged', because: `${name} is missing` };
    files[name] = await readFile(path);
    const { sha256, bytes } = digestOf(files[name]);
    const expected = read.manifest.files[name];
    if (sha256 !== expected.sha256) {
      const found = `${bytes} bytes with sha256 ${sha256.slice(0, 12)}…`;
      const wanted = `${expected.bytes} bytes with ${expected.sha256.slice(0, 12)}…`;
      return { state: 'damaged', because: `${name} has ${found}, its manifest says ${wanted}` };
    }
  }
  return { state: 'sound', manifest: read.manifest, files };
}

export async function readManifest(place: string): Promise<ManifestOnDisk> {
  try {
    const text = await readFile(join(place, 'manifest.json'), 'utf8');
    return { state: 'read', manifest: manifestSchema.parse(JSON.parse(text)) };
  } catch (error) {
    const reason = error instanceof Error ? error.message.split('\n', 1)[0] : String(error);
    return { state: 'damaged', because: `manifest.json cannot be read (${reason})` };
  }
}
