/** Builds a patched version: copies the sources, applies the patch, compiles, writes the manifest. */
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ROOT_DIR } from '../artifact/store.js';
import { manifestOf } from '../build.js';
import { compilerSettings } from '../flaw.js';
import { readBuiltFiles, readManifest, readPackage, writeManifest } from '../store.js';

export interface PatchOptions {
  /** The package whose sources are patched. */
  readonly packageDir: string;
  readonly patchFile: string;
  /** Added to the version: `0.1.0-slow`. */
  readonly name: string;
  /** Where it is built; replaced when it is there. */
  readonly workDir: string;
}

const COPIED = ['src', 'migrations'];
const COMPILER = join(ROOT_DIR, 'node_modules', 'typescript', 'bin', 'tsc');
const BASE_CONFIG = join(ROOT_DIR, 'tsconfig.base.json');

/**
 * @returns the folder of the compiled package
 * @throws with the compiler's or the patch's own words when it cannot be built
 */
export function buildPatched({ packageDir, patchFile, name, workDir }: PatchOptions): string {
  if (!existsSync(COMPILER)) throw new Error('flaw: expected the compiler in node_modules; run npm ci');
  rmSync(workDir, { recursive: true, force: true });
  mkdirSync(workDir, { recursive: true });
  for (const part of COPIED) cpSync(join(packageDir, part), join(workDir, part), { recursive: true });
  symlinkSync(join(ROOT_DIR, 'node_modules'), join(workDir, 'node_modules'), 'junction');
  run('git', ['apply', '-p0', patchFile], workDir);
  const about = readPackage(packageDir);
  const version = `${about.version}-${name}`;
  writeFileSync(
    join(workDir, 'package.json'),
    `${JSON.stringify({ ...about, version, type: 'module' }, null, 2)}\n`,
  );
  writeFileSync(join(workDir, 'tsconfig.json'), JSON.stringify(compilerSettings(BASE_CONFIG)));
  run(process.execPath, [COMPILER, '-p', '.'], workDir);
  const commit = `${commitOf(packageDir)}+${name}`;
  writeManifest(workDir, manifestOf({ name: about.name, version, commit }, readBuiltFiles(workDir)));
  return workDir;
}

/** One of flaws/, built below the state folder. @returns the folder of the compiled package */
export function buildFlawed(packageDir: string, stateDir: string, flaw: string): string {
  const patchFile = join(packageDir, 'flaws', flaw, 'change.patch');
  return buildPatched({ packageDir, patchFile, name: flaw, workDir: join(stateDir, 'flaws', flaw) });
}

function commitOf(packageDir: string): string {
  const found = readManifest(packageDir);
  return found.kind === 'manifest' ? found.manifest.commit : 'unknown';
}

function run(program: string, words: readonly string[], cwd: string): void {
  try {
    // The copy lies inside a clone, whose paths are not the patch's.
    const env = { ...process.env, GIT_CEILING_DIRECTORIES: dirname(cwd) };
    execFileSync(program, words, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
  } catch (error) {
    const { stdout, stderr } = error as { stdout?: Buffer; stderr?: Buffer };
    const said = `${stdout?.toString() ?? ''}${stderr?.toString() ?? ''}`.trim();
    throw new Error(`flaw: ${program} ${words.join(' ')} failed: ${said}`, { cause: error });
  }
}
