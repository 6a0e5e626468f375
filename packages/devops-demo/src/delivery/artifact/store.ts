/**
 * Artifacts on disk: `artifacts/<digest>/` with manifest.json, the compiled service, the chassis it runs on, its migrations, and beside
 * them the bill of materials and the report of the run that tested its commit. Written to one side and renamed, so that a folder of
 * that name is complete.
 */
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openArtifact } from '../artifact.js';
import type { Opened } from '../artifact.js';
import { build, manifestOf } from '../build.js';
import type { Manifest } from '../build.js';
import { writeText } from '../json-file/store.js';
import { filesBelow, readBuiltFiles, readBundle, sha256Of } from '../store.js';
import { verify } from '../verify.js';
import { BILL, READABLE, TEST_REPORT, billOfMaterials, testReport } from './attestations/store.js';

const MANIFEST = 'manifest.json';
/** Compiled by this repository and not fixed by the lock file, so it belongs into the bundle. */
const CHASSIS = 'node_modules/service-chassis';
const SERVICE_PARTS = ['dist/service', 'dist/delivery', 'migrations', 'package.json'];
const CHASSIS_PARTS = ['dist', 'package.json'];
const NOT_RUN = /\.d\.ts$|\.tsbuildinfo$|^dist\/manifest\.json$/;
/** A bundle that is being written. */
const ASIDE = '.new-';
export const isAside = (name: string) => name.startsWith(ASIDE);

const CHASSIS_DIR = join(dirname(fileURLToPath(import.meta.resolve('service-chassis'))), '..');
/** The folder whose node_modules all versions share. */
export const ROOT_DIR = join(CHASSIS_DIR, '..', '..');

/**
 * Bundles a compiled package.
 *
 * @param artifactsDir below the state folder, in which the reports of `npm test` lie too
 * @throws when the package is not what its own manifest says, so that nothing unknown is released.
 */
export function bundle(packageDir: string, artifactsDir: string): Manifest {
  const found = readBundle(packageDir);
  const verified = verify(build(found.manifest), found.files, { required: true });
  if (verified.state !== 'passed' || found.manifest.kind !== 'manifest') {
    throw new Error(`bundle: ${packageDir} is refused: ${verified.because}`);
  }
  mkdirSync(artifactsDir, { recursive: true });
  shareLibraries(artifactsDir);
  const aside = mkdtempSync(join(artifactsDir, ASIDE));
  try {
    copyParts(packageDir, SERVICE_PARTS, aside);
    copyParts(CHASSIS_DIR, CHASSIS_PARTS, join(aside, CHASSIS));
    // An empty manifest tells the layout; the real one needs the digest first.
    writeFileSync(join(aside, MANIFEST), '');
    const built = manifestOf(found.manifest.manifest, readBuiltFiles(aside));
    const known = open(artifactsDir, built.digest);
    if (known.kind === 'artifact') return renewed(artifactsDir, known.manifest, built.commit);
    const lock = lockDigest();
    const manifest: Manifest = {
      ...built,
      ...(lock === undefined ? {} : { lock }),
      billOfMaterials: billOfMaterials(ROOT_DIR, aside),
      testReport: testReport(dirname(artifactsDir), built.commit, aside),
    };
    writeFileSync(join(aside, MANIFEST), textOf(manifest));
    const place = join(artifactsDir, manifest.digest);
    // The files of an artifact are never changed; one that is broken is replaced.
    rmSync(place, { recursive: true, force: true });
    renameSync(aside, place);
    return manifest;
  } finally {
    rmSync(aside, { recursive: true, force: true });
  }
}

/** Opens an artifact for starting it; refuses what is not exactly what was bundled. */
export function open(artifactsDir: string, digest: string): Opened {
  const dir = join(artifactsDir, digest);
  const found = readBundle(dir);
  const documents = Object.fromEntries(
    [BILL, TEST_REPORT].map((path) => [path, digestOfFile(join(dir, path))]),
  );
  return openArtifact(digest, { ...found, documents, installedLock: lockDigest() });
}

function copyParts(from: string, parts: readonly string[], to: string): void {
  for (const path of parts.flatMap((part) => filesBelow(from, part))) {
    if (NOT_RUN.test(path)) continue;
    mkdirSync(dirname(join(to, path)), { recursive: true });
    cpSync(join(from, path), join(to, path));
  }
}

/** Makes the libraries reachable from an artifact wherever the state folder is. */
function shareLibraries(artifactsDir: string): void {
  const link = join(artifactsDir, 'node_modules');
  if (!existsSync(link)) symlinkSync(join(ROOT_DIR, 'node_modules'), link, 'junction');
}

/**
 * The same files may come from a later commit, and be tested after they were bundled. The documents follow; the files never change.
 */
function renewed(artifactsDir: string, known: Manifest, commit: string): Manifest {
  const { testReport: report } = known;
  if (known.commit === commit && report !== undefined && !('skipped' in report)) return known;
  const dir = join(artifactsDir, known.digest);
  const manifest = { ...known, commit, testReport: testReport(dirname(artifactsDir), commit, dir) };
  writeText(join(dir, MANIFEST), textOf(manifest), READABLE);
  return manifest;
}

function textOf(manifest: Manifest): string {
  return `${JSON.stringify(manifest, null, 2)}\n`;
}

function lockDigest(): string | undefined {
  return digestOfFile(join(ROOT_DIR, 'package-lock.json'));
}

function digestOfFile(path: string): string | undefined {
  return existsSync(path) ? sha256Of(readFileSync(path)) : undefined;
}
