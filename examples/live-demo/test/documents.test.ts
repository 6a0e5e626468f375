import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { HELP } from '../src/options.mjs';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const read = (file: string): string => readFileSync(join(root, file), 'utf8');
const documents = ['.', 'docs', 'packages', 'examples'].flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: folder !== '.', encoding: 'utf8' })
    .filter((file) => file.endsWith('.md') && !/(^|[\\/])(node_modules|dist|\.triops)[\\/]/.test(file))
    .map((file) => join(folder, file)),
);

describe.each(documents)('%s', (file) => {
  const text = read(file);

  it('links to files that are there', () => {
    const links = [...text.matchAll(/\]\((?!https?:|#|mailto:)([^)#\s]+)/g)].map(([, link = '']) => link);
    const broken = links.filter((link) => !existsSync(join(root, dirname(file), link)));
    expect(broken).toEqual([]);
  });

  it('names npm scripts that exist', () => {
    const named = [...text.matchAll(/npm run (?:-s )?([a-z][\w:-]*)(?:[^\n`]*?-w ([\w-]+))?/g)];
    const missing = named.filter(([, script = '', workspace]) => {
      const manifest = workspace === undefined ? 'package.json' : workspaceManifest(workspace);
      const { scripts } = JSON.parse(read(manifest)) as { scripts: Record<string, string> };
      return scripts[script.replace(/[.:]$/, '')] === undefined;
    });
    expect(missing.map(([command]) => command)).toEqual([]);
  });
});

/** The diagram has two columns; the right one begins here. */
const RIGHT_COLUMN = 54;

describe('README.md', () => {
  const bare = (text: string): string => text.replaceAll(/[\s*│]+/g, '');

  it.each([
    'packages/devops-demo/src/delivery/pipeline.ts',
    'packages/mlops-demo/src/pipeline.ts',
    'packages/aiops-demo/src/pipeline.ts',
  ])('draws the stages as %s names them', (file) => {
    const stages = /[\w-]+(?: → [\w-]+){3,}/.exec(read(file))?.[0] ?? '';
    const lines = read('README.md').split('\n');
    const left = lines.map((line) => line.slice(0, RIGHT_COLUMN)).join('');
    const right = lines.map((line) => line.slice(RIGHT_COLUMN)).join('');
    expect([left, right, lines.join('')].some((text) => bare(text).includes(bare(stages)))).toBe(true);
  });

  it('draws only stages that are a file or a folder', () => {
    const diagram = read('README.md').split('```')[1] ?? '';
    const stages = [...diagram.matchAll(/[a-z][a-z-]+(?= →)|(?<=→ )[a-z][a-z-]+/g)].map(([stage]) => stage);
    expect(stages).toContain('shift-traffic');
    const sources = ['devops-demo/src/delivery', 'mlops-demo/src', 'aiops-demo/src'].flatMap((folder) =>
      readdirSync(join(root, 'packages', folder), { recursive: true, encoding: 'utf8' }),
    );
    const names = new Set(sources.map((path) => basename(path, '.ts')));
    expect(stages.filter((stage) => !names.has(stage))).toEqual([]);
  });

  it('names only faults that exist', () => {
    const faults = [...read('README.md').matchAll(/^\| `([\w-]+)` +\|/gm)].map(([, name = '']) => name);
    expect(faults.length).toBeGreaterThanOrEqual(3);
    for (const fault of faults) expect(HELP).toContain(fault);
  });
});

function workspaceManifest(workspace: string): string {
  const found = ['packages', 'examples'].map((group) => `${group}/${workspace}/package.json`);
  return found.find((file) => existsSync(join(root, file))) ?? 'package.json';
}
