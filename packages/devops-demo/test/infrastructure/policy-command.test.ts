import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, it, vi } from 'vitest';
import { policyCommand } from '../../src/commands/policy/cli.js';
import { PACKAGE_DIR } from '../harness.js';

const folder = mkdtempSync(join(tmpdir(), 'triops-policy-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
afterEach(() => {
  vi.restoreAllMocks();
});

async function policyOf(...words: string[]): Promise<{ code: number; out: string; err: string }> {
  const [out, err]: [string[], string[]] = [[], []];
  vi.spyOn(console, 'log').mockImplementation((line: string) => void out.push(`${line}\n`));
  vi.spyOn(console, 'error').mockImplementation((line: string) => void err.push(`${line}\n`));
  return { code: await policyCommand(words), out: out.join(''), err: err.join('') };
}

describe('devops policy', () => {
  const file = (name: string, text: string) => {
    const path = join(folder, name);
    writeFileSync(path, text);
    return path;
  };

  it.each([
    ['that is missing', () => join(folder, 'nofile'), 'there is no such file'],
    ['that is a folder', () => folder, 'is no file'],
    ['that is empty', () => file('empty.yml', ''), 'is empty'],
    ['of comments', () => file('comments.yml', '# nothing yet\n---\n'), 'is empty'],
    ['of something else', () => file('other.yml', 'kind: 7\n'), 'cannot be read as kubernetes: kind: '],
    ['that is no YAML', () => file('broken.yml', 'services:\n  a: [\n'), 'cannot be read as compose: '],
  ])('cannot judge a file %s, and says so', async (_what, path, because) => {
    const { code, out, err } = await policyOf(path());
    expect([code, out, err]).toEqual([2, '', expect.stringContaining(because)]);
    expect(err.split('\n'), 'one sentence, and no stack').toHaveLength(2);
  });

  it('refuses nothing here, as README.md prints it', async () => {
    const { code, out } = await policyOf();
    expect(code).toBe(0);
    expect(readFileSync(join(PACKAGE_DIR, 'README.md'), 'utf8')).toContain(`$ npx devops policy\n${out}`);
  });

  it('counts one as one', async () => {
    const bad = join(PACKAGE_DIR, 'test/infrastructure/bad-compose.yml');
    const { code, out } = await policyOf(bad);
    expect([code, out.trim().split('\n').at(-1)]).toEqual([1, '1 workload in 1 file, 7 refusals']);
  });
});
