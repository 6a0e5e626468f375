/**
 * Artifacts on disk: `artifacts/<digest>/` with manifest.json, the compiled service, the chassis it runs on, its migrations, and beside
 * them the bill of materials and the test report. Written to one side and renamed, so that a folder of that name is complete.
 */
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openArtifact } from '../artifact.js';
import type { Opened } from '../artifact.js';
import { build, manifestOf } from '../build.js';
import type { Attestation, Manifest } from '../build.js';
import { filesBelow, readBuiltFiles, readBundle, sha256Of } from '../store.js';
import { verify } from '../verify.js';

const BILL = 'sbom.json';
const TEST_REPORT = 'test-report.json';
const MANIFEST = 'manifest.json';
/** Compiled by this repository and not fixed by the lock file, so it belongs into the bundle. */
const CHASSIS = 'node_modules/service-chassis';
const SERVICE_PARTS = ['dist/service', 'dist/delivery', 'migrations', 'package.json'];
const CHASSIS_PARTS = ['dist', 'package.json'];
const NOT_RUN = /\.d\.ts$|\.tsbuildinfo$|^dist\/manifest\.json$/;
/** A bundle that is being written. */
const ASIDE = '.new-';
export const isAside = (name: string) => name.startsWith(ASIDE);
const SBOM_LIMITS = { timeout: 60_000, maxBuffer: 64 * 1024 * 1024 };

const CHASSIS_DIR = join(dirname(fileURLToPath(import.meta.resolve('service-chassis'))), '..');
/** The folder whose node_modules all versions share. */
export const ROOT_DIR = join(CHASSIS_DIR, '..', '..');

/**
 * Bundles a compiled package.
 *
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
    if (known.kind === 'artifact') return known.manifest;
    const manifest: Manifest = { ...built, ...attestations(packageDir, aside) };
    writeFileSync(join(aside, MANIFEST), `${JSON.stringify(manifest, null, 2)}\n`);
    const place = join(artifactsDir, manifest.digest);
    // An artifact is never changed; one that is broken is replaced.
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

function attestations(packageDir: string, aside: string) {
  const lock = lockDigest();
  return {
    ...(lock === undefined ? {} : { lock }),
    billOfMaterials: billOfMaterials(join(aside, BILL)),
    testReport: testReport(join(packageDir, 'reports', 'tests.json'), join(aside, TEST_REPORT)),
  };
}

function billOfMaterials(path: string): Attestation {
  const words = ['sbom', '--sbom-format', 'cyclonedx', '--omit', 'dev', '--workspace', 'devops-demo'];
  try {
    const options = { cwd: ROOT_DIR, ...SBOM_LIMITS, shell: process.platform === 'win32' };
    const bill = execFileSync('npm', words, { ...options, stdio: ['ignore', 'pipe', 'ignore'] });
    writeFileSync(path, bill);
    return { path: BILL, sha256: sha256Of(bill) };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return { skipped: code === 'ENOENT' ? 'npm is not installed here' : 'npm sbom failed' };
  }
}

function testReport(from: string, to: string): Attestation {
  if (!existsSync(from)) return { skipped: 'the tests left no report' };
  cpSync(from, to);
  return { path: TEST_REPORT, sha256: sha256Of(readFileSync(to)) };
}

function lockDigest(): string | undefined {
  return digestOfFile(join(ROOT_DIR, 'package-lock.json'));
}

function digestOfFile(path: string): string | undefined {
  return existsSync(path) ? sha256Of(readFileSync(path)) : undefined;
}
