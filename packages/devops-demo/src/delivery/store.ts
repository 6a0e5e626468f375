/** The bundle on disk: reads the files that a version consists of, writes and reads its manifest. */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { manifestSchema } from './build.js';
import type { BuiltFile, FoundManifest, Manifest } from './build.js';

/** Where the files of a version and its manifest lie: in the package that was compiled, or in an artifact of it. */
interface Layout {
  parts: readonly string[];
  manifest: string;
  /** Lies among the parts, and is none of them. */
  not: RegExp | undefined;
}

/** What a running instance needs of this package. Benchmarks, the compiler's notes and the manifest are no part. */
const PACKAGE: Layout = {
  parts: ['dist', 'migrations', 'package.json'],
  manifest: 'dist/manifest.json',
  not: /^dist\/(?:manifest\.json$|\.tsbuildinfo$|bench\/)/,
};
/** An artifact carries the chassis with it, which is compiled here too. */
const ARTIFACT: Layout = {
  parts: ['dist', 'migrations', 'node_modules', 'package.json'],
  manifest: 'manifest.json',
  not: undefined,
};

export function readBundle(dir: string): { manifest: FoundManifest; files: BuiltFile[] } {
  return { manifest: readManifest(dir), files: readBuiltFiles(dir) };
}

export function readBuiltFiles(dir: string): BuiltFile[] {
  const { parts, not } = layoutOf(dir);
  return parts
    .flatMap((part) => filesBelow(dir, part))
    .filter((path) => not?.test(path) !== true)
    .map((path) => {
      const content = readFileSync(join(dir, path));
      return { path, sha256: sha256Of(content), bytes: content.length };
    });
}

export function readManifest(dir: string): FoundManifest {
  const { manifest } = layoutOf(dir);
  const path = join(dir, manifest);
  if (!existsSync(path)) return { kind: 'absent' };
  try {
    return { kind: 'manifest', manifest: manifestSchema.parse(JSON.parse(readFileSync(path, 'utf8'))) };
  } catch (error) {
    const why = error instanceof SyntaxError ? 'no JSON' : 'not in the form of a manifest';
    return { kind: 'unreadable', because: `${manifest} is ${why}` };
  }
}

export function writeManifest(packageDir: string, manifest: Manifest): void {
  writeFileSync(join(packageDir, PACKAGE.manifest), `${JSON.stringify(manifest, null, 2)}\n`);
}

export function sha256Of(content: string | Buffer): string {
  return createHash('sha256').update(content).digest('hex');
}

/** Name and version of the package. */
export function readPackage(packageDir: string): { name: string; version: string } {
  const { name, version } = JSON.parse(readFileSync(join(packageDir, 'package.json'), 'utf8')) as Record<
    string,
    string
  >;
  return { name: name ?? 'unknown', version: version ?? 'unknown' };
}

function layoutOf(dir: string): Layout {
  return existsSync(join(dir, ARTIFACT.manifest)) ? ARTIFACT : PACKAGE;
}

/** Paths below a part of a folder, as the manifest writes them. */
export function filesBelow(packageDir: string, part: string): string[] {
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
