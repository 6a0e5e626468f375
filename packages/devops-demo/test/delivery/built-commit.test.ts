import { execFileSync } from 'node:child_process';
import { appendFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { build, manifestOf } from '../../src/delivery/build.js';
import { builtCommit } from '../../src/delivery/built-commit/store.js';

const root = mkdtempSync(join(tmpdir(), 'triops-commit-'));
const packageDir = join(root, 'packages/devops-demo');
afterAll(() => rmSync(root, { recursive: true, force: true }));

const git = (...words: string[]) => execFileSync('git', words, { cwd: root, encoding: 'utf8' }).trim();
const INTO_THE_BUNDLE = [
  'packages/devops-demo/src/service/main.ts',
  'packages/devops-demo/migrations/0001_board.sql',
  'packages/devops-demo/package.json',
  'packages/service-chassis/src/service.ts',
  'packages/service-chassis/package.json',
  'package-lock.json',
  'tsconfig.base.json',
];
const NOT_INTO_IT = ['README.md', 'packages/devops-demo/test/a.test.ts', 'packages/aiops-demo/src/index.ts'];

beforeAll(() => {
  for (const path of [...INTO_THE_BUNDLE, ...NOT_INTO_IT]) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), 'as committed\n');
  }
  git('init', '--quiet');
  git('add', '.');
  git('-c', 'user.name=a', '-c', 'user.email=a@example.com', 'commit', '--quiet', '-m', 'first');
});

const built = () => builtCommit(packageDir, '');

describe('the commit of a build', () => {
  it('is the one that is checked out', () => {
    expect(built()).toBe(git('rev-parse', 'HEAD'));
  });

  it.each(INTO_THE_BUNDLE)('is marked when %s was edited', (path) => {
    appendFileSync(join(root, path), 'edited\n');
    expect(built()).toBe(`${git('rev-parse', 'HEAD')}+changes`);
    git('checkout', '--quiet', '--', path);
  });

  it('is marked when a source file was added', () => {
    const path = join(root, 'packages/service-chassis/src/added.ts');
    writeFileSync(path, '');
    expect(built()).toMatch(/\+changes$/);
    rmSync(path);
  });

  it.each(NOT_INTO_IT)('is not marked when %s was edited, which is not built', (path) => {
    appendFileSync(join(root, path), 'edited\n');
    expect(built()).toBe(git('rev-parse', 'HEAD'));
  });

  it('is shown with its mark', () => {
    const manifest = manifestOf(
      { name: 'a', version: '1', commit: `${git('rev-parse', 'HEAD')}+changes` },
      [],
    );
    expect(build({ kind: 'manifest', manifest }).because).toMatch(/of commit [0-9a-f]{12}\+changes: /);
  });

  it('is what it is told where there is no git, else unknown', () => {
    expect(builtCommit(tmpdir(), 'c0ffee')).toBe('c0ffee');
    expect(builtCommit(tmpdir(), '')).toBe('unknown');
  });
});
