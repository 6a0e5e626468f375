import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { codeDigests } from '../../src/stage-cache/code/store.js';
import { keyOf } from '../../src/stage-cache/key.js';

const features = { digest: 'f1', value: () => Promise.reject(new Error('nobody needs the value')) };

describe('the key of a stage', () => {
  const key = keyOf('train', 'c1', { features, epochs: 6, seed: 1 });

  test('is the same for the same stage, code, inputs and parameters, in any order', () => {
    expect(keyOf('train', 'c1', { seed: 1, epochs: 6, features })).toBe(key);
    expect(key).toMatch(/^[0-9a-f]{64}$/);
  });

  test.each([
    ['stage', keyOf('tune', 'c1', { features, epochs: 6, seed: 1 })],
    ['code', keyOf('train', 'c2', { features, epochs: 6, seed: 1 })],
    ['input', keyOf('train', 'c1', { features: { ...features, digest: 'f2' }, epochs: 6, seed: 1 })],
    ['parameter', keyOf('train', 'c1', { features, epochs: 7, seed: 1 })],
    ['one parameter more', keyOf('train', 'c1', { features, epochs: 6, seed: 1, rate: 0.1 })],
  ])('is another for another %s', (_, other) => {
    expect(other).not.toBe(key);
  });
});

describe('the code of a stage', () => {
  let root: string;
  const write = (files: Record<string, string>): void => {
    for (const [name, text] of Object.entries(files)) writeFileSync(join(root, `${name}.ts`), text);
  };

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'mlops-code-'));
    write({
      deploy: "import { limits } from './limits.js';\nexport const deploy = limits;",
      limits: "export const limits = async () => import('./lazy.js');\nexport * from './deploy.js';",
      lazy: "import { readFileSync } from 'node:fs';\nimport { z } from 'zod';\nexport default [readFileSync, z];",
      split: 'export const split = 1;',
    });
  });
  afterEach(() => {
    rmSync(root, { recursive: true });
  });

  test('is the same for the same files, also in a circle', () => {
    expect(codeDigests(root)('deploy')).toBe(codeDigests(root)('deploy'));
    expect(codeDigests(root)('deploy')).not.toBe(codeDigests(root)('split'));
  });

  test.each(['deploy', 'limits', 'lazy'])(
    'changes with %s, which it imports directly or through others',
    (name) => {
      const before = codeDigests(root);
      const [deploy, split] = [before('deploy'), before('split')];
      write({ [name]: `export const changed = true;` });
      expect(codeDigests(root)('deploy')).not.toBe(deploy);
      expect(codeDigests(root)('split')).toBe(split);
    },
  );

  test('is known of every stage of this package', () => {
    const codeOf = codeDigests();
    const digests = (
      ['ingest', 'validate', 'features', 'train', 'evaluate', 'gate', 'register'] as const
    ).map(codeOf);
    expect(new Set(digests).size).toBe(7);
  });
});
