/** The machine: its files and its container engine. */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import type { GeneratedFile } from './generated.js';
import type { Instance, DeclaredService } from './plan.js';
import { composeConfig, declaredServices } from './plan/declared.js';
import type { ComposeConfig } from './plan/declared.js';
import type { MachineFacts } from './plan/machine-facts.js';
import { containers, runningInstances } from './plan/running.js';

const PACKAGE_DIR = join(import.meta.dirname, '../..');
const REPOSITORY = join(PACKAGE_DIR, '../..');
const INFRASTRUCTURE = join(PACKAGE_DIR, 'infrastructure');
/** `docker inspect` of a dozen containers is some hundred kilobytes. */
const MOST_BYTES = 64 * 1_024 * 1_024;
const DIGEST_LENGTH = 8;

/** There is no engine to ask, or it refused: nothing can be said of what runs. */
export class EngineAway extends Error {
  override readonly name = 'EngineAway';
}

function docker(...words: string[]): string {
  const { status, stdout, stderr, error } = spawnSync('docker', words, {
    cwd: REPOSITORY,
    encoding: 'utf8',
    maxBuffer: MOST_BYTES,
  });
  if (error !== undefined) throw new EngineAway('the command docker is not here');
  if (status !== 0)
    throw new EngineAway(
      `docker ${words[0]}: ${
        stderr
          .trim()
          .split('\n')
          .at(-1)
          ?.replace(/[.?]+$/, '') ?? ''
      }`,
    );
  return stdout;
}

/** Both sides of a plan, of the compose file of this repository. @throws EngineAway */
export function readBothSides(): { declared: DeclaredService[]; running: Instance[] } {
  docker('version', '--format', '{{.Server.Version}}');
  const config = composeConfig.parse(
    JSON.parse(docker('compose', '--profile', '*', 'config', '--format', 'json')),
  );
  const machine = machineFacts(config);
  const ids = docker(
    'ps',
    '-aq',
    '--no-trunc',
    '--filter',
    `label=com.docker.compose.project=${config.name}`,
  );
  const found = ids.trim() === '' ? '[]' : docker('inspect', ...ids.trim().split('\n'));
  return {
    declared: declaredServices(config, machine),
    running: runningInstances(containers.parse(JSON.parse(found)), machine),
  };
}

function machineFacts(config: ComposeConfig): MachineFacts {
  const names = [...new Set(Object.values(config.services).map(({ image }) => image))];
  const ids = new Map(names.map((name) => [name, imageId(name)]));
  return {
    imageId: (name) => ids.get(name),
    changedAt: (path) => (existsSync(path) && statSync(path).isFile() ? statSync(path).mtime : undefined),
    digest: (value) => createHash('sha256').update(value).digest('hex').slice(0, DIGEST_LENGTH),
  };
}

function imageId(name: string): string | undefined {
  const { status, stdout } = spawnSync('docker', ['image', 'inspect', '--format', '{{.Id}}', name], {
    encoding: 'utf8',
  });
  return status === 0 ? stdout.trim() : undefined;
}

export function readComposeFile(): string {
  return readFileSync(join(REPOSITORY, 'docker-compose.yml'), 'utf8');
}

export interface DeclarationFile {
  readonly kind: 'compose' | 'kubernetes';
  readonly name: string;
  readonly text: string;
}

/** What was named is no declaration: nothing can be said of it, and nothing is not "no refusals". */
export class NoDeclaration extends Error {
  override readonly name = 'NoDeclaration';
}

/** Everything in this repository that declares workloads, or the given files. @throws NoDeclaration */
export function readDeclarations(paths: readonly string[]): DeclarationFile[] {
  const kubernetes = join(INFRASTRUCTURE, 'kubernetes');
  const own = [
    join(REPOSITORY, 'docker-compose.yml'),
    ...yamlFilesIn(join(INFRASTRUCTURE, 'swarm')),
    ...yamlFilesIn(kubernetes),
  ];
  return (paths.length > 0 ? paths : own).map((path) => {
    const text = readDeclaration(path);
    const kind = /^services:/m.test(text) ? 'compose' : 'kubernetes';
    return { kind, name: paths.length > 0 ? path : relative(REPOSITORY, path), text };
  });
}

function readDeclaration(path: string): string {
  if (!existsSync(path)) throw new NoDeclaration(`${path}: there is no such file`);
  if (!statSync(path).isFile()) throw new NoDeclaration(`${path} is no file`);
  const text = readFileSync(path, 'utf8');
  if (text.replaceAll(/^(?:\s*#.*|---|\s*)$/gm, '').trim() === '')
    throw new NoDeclaration(`${path} is empty`);
  return text;
}

function yamlFilesIn(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => /\.ya?ml$/.test(name))
    .sort()
    .map((name) => join(folder, name));
}

/** @returns the paths of those that differed from what is there. */
export function writeGenerated(files: readonly GeneratedFile[], options: { write: boolean }): string[] {
  const changed = files.filter(({ path, content }) => {
    const target = join(INFRASTRUCTURE, path);
    return !existsSync(target) || readFileSync(target, 'utf8') !== content;
  });
  for (const { path, content } of options.write ? changed : []) {
    mkdirSync(dirname(join(INFRASTRUCTURE, path)), { recursive: true });
    writeFileSync(join(INFRASTRUCTURE, path), content);
  }
  return changed.map(({ path }) => path);
}
