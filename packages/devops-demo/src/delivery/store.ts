/** The bundle on disk: reads the files that a version consists of, writes and reads its manifest. */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { manifestSchema } from './build.js';
import type { BuiltFile, FoundManifest, Manifest } from './build.js';

/** What a running instance needs of this package. The compiler's notes, the manifest and benchmarks are no part of it. */
const PARTS = ['dist', 'migrations', 'package.json'];
const MANIFEST = 'dist/manifest.json';
const NOT_PART = new Set([MANIFEST, 'dist/.tsbuildinfo']);
const BENCHMARKS = 'dist/bench/';

export function readBundle(packageDir: string): { manifest: FoundManifest; files: BuiltFile[] } {
  return { manifest: readManifest(packageDir), files: readBuiltFiles(packageDir) };
}

export function readBuiltFiles(packageDir: string): BuiltFile[] {
  return PARTS.flatMap((part) => filesBelow(packageDir, part))
    .filter((path) => !NOT_PART.has(path) && !path.startsWith(BENCHMARKS))
    .map((path) => {
      const content = readFileSync(join(packageDir, path));
      return { path, sha256: createHash('sha256').update(content).digest('hex'), bytes: content.length };
    });
}

export function readManifest(packageDir: string): FoundManifest {
  const path = join(packageDir, MANIFEST);
  if (!existsSync(path)) return { kind: 'absent' };
  try {
    return { kind: 'manifest', manifest: manifestSchema.parse(JSON.parse(readFileSync(path, 'utf8'))) };
  } catch (error) {
    const why = error instanceof SyntaxError ? 'no JSON' : 'not in the form of a manifest';
    return { kind: 'unreadable', because: `${MANIFEST} is ${why}` };
  }
}

export function writeManifest(packageDir: string, manifest: Manifest): void {
  writeFileSync(join(packageDir, MANIFEST), `${JSON.stringify(manifest, null, 2)}\n`);
}

/** Name and version of the package. */
export function readPackage(packageDir: string): { name: string; version: string } {
  const { name, version } = JSON.parse(readFileSync(join(packageDir, 'package.json'), 'utf8')) as Record<
    string,
    string
  >;
  return { name: name ?? 'unknown', version: version ?? 'unknown' };
}

function filesBelow(packageDir: string, part: string): string[] {
  const path = join(packageDir, part);
  if (!existsSync(path)) return [];
  if (part.endsWith('.json')) return [part];
  return readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) =>
      join(entry.parentPath, entry.name)
        .slice(packageDir.length + 1)
        .replaceAll('\\', '/'),
    );
}
