/**
 * The code of a stage as a digest: its source file, every file it imports, directly or through others, and the versions of the packages.
 *
 * in:  'evaluate' → out: SHA-256 over evaluate.js, auc.js, brier.js, …, `@tensorflow/tfjs 4.22.0` and the version of Node
 *
 * Rule: import and export statements are followed, also dynamic imports of a literal. Imports of types are not: they leave nothing behind when built.
 *
 * When it misleads: a comment counts. Code that the stage is given, not imports (the reader of the flights), must be named in `ROOTS`; the order
 * in which pipeline.ts hands things over is in no stage's code.
 */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { extname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { STAGES } from '../../stage-runner/stage.js';
import type { StageName } from '../../stage-runner/stage.js';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
/** `.js` when built, `.ts` under a test runner. */
const EXTENSION = extname(import.meta.url);
const TYPE_IMPORT = /^(?:import|export) type [^;]*;$/gm;
const IMPORT = /\b(?:from|import)\s*\(?\s*['"]([^'"]+)['"]/g;
/** What a stage is given from outside, beside the file of its name. */
const ROOTS: Partial<Record<StageName, readonly string[]>> = {
  ingest: ['data/store', 'data/versioned-flights/store'],
  validate: ['vega-datasets/store'],
  features: ['features/feature-file/store'],
  train: ['backend'],
  gate: ['evaluation/footprint'],
};

/** Every file is read once. */
export function codeDigests(root: string = ROOT): (stage: StageName) => string {
  const files = new Map<string, { sha256: string; imports: string[] }>();
  const packages = new Map<string, string>();

  function read(path: string): { sha256: string; imports: string[] } {
    const known = files.get(path);
    if (known !== undefined) return known;
    const text = readFileSync(path, 'utf8');
    const imports = [...text.replaceAll(TYPE_IMPORT, '').matchAll(IMPORT)].map(
      ([, specifier = '']) => specifier,
    );
    const file = { sha256: sha256(text), imports };
    files.set(path, file);
    return file;
  }

  function closure(stage: StageName): string[] {
    const found = new Map<string, string>();
    const queue = [stage, ...(ROOTS[stage] ?? [])].map((name) => join(root, `${name}${EXTENSION}`));
    for (let path = queue.pop(); path !== undefined; path = queue.pop()) {
      const name = relative(root, path);
      if (found.has(name)) continue;
      const file = read(path);
      found.set(name, file.sha256);
      for (const specifier of file.imports) {
        if (specifier.startsWith('.')) queue.push(join(path, '..', specifier.replace(/\.js$/, EXTENSION)));
        else if (!specifier.startsWith('node:')) found.set(specifier, versionOf(specifier, packages));
      }
    }
    return [...found].map(([name, version]) => `${name} ${version}`).sort();
  }

  return (stage) => {
    if (!STAGES.includes(stage)) throw new RangeError(`codeDigests: expected a stage, got '${stage}'`);
    return sha256([`node ${process.version}`, ...closure(stage)].join('\n'));
  };
}

/** The version of an installed package, by any specifier that starts with its name. */
export function versionOf(specifier: string, known = new Map<string, string>()): string {
  const name = specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/');
  const version = known.get(name) ?? readVersion(name);
  known.set(name, version);
  return version;
}

/** Not every package lets its package.json be imported: look where Node would look. */
function readVersion(name: string): string {
  for (const folder of createRequire(import.meta.url).resolve.paths(name) ?? []) {
    const path = join(folder, name, 'package.json');
    if (existsSync(path)) return (JSON.parse(readFileSync(path, 'utf8')) as { version: string }).version;
  }
  return 'not installed';
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
