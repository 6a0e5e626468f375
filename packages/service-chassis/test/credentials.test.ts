import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { bearerOf } from '../src/credentials.js';
import { commonConfig, credentialsOf, readConfig } from '../src/index.js';

const folder = mkdtempSync(join(tmpdir(), 'triops-credentials-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const own = 'the-token-of-this-machine';
const sha256 = createHash('sha256').update('the-token-of-ada').digest('hex');
const list = [{ name: 'ada', role: 'operator' as const, sha256 }];

it('TRIOPS_TOKEN alone is one bearer who may do everything, as before', () => {
  const credentials = credentialsOf(readConfig(commonConfig, { PORT: '1', TRIOPS_TOKEN: own }));
  expect(credentials).toBe(own);
  expect(bearerOf(own, own)).toEqual({
    name: 'bearer-of-TRIOPS_TOKEN',
    roles: ['viewer', 'operator', 'automation'],
  });
  expect(bearerOf(`${own}x`, own)).toBeUndefined();
});

it('a file names bearers and roles, and TRIOPS_TOKEN still works beside it', () => {
  const file = join(folder, 'tokens.json');
  writeFileSync(file, JSON.stringify(list));
  const env = { PORT: '1', TRIOPS_TOKENS_FILE: file, TRIOPS_TOKEN: own };
  const credentials = credentialsOf(readConfig(commonConfig, env)) ?? '';
  expect(bearerOf('the-token-of-ada', credentials)).toEqual({ name: 'person:ada', roles: ['operator'] });
  expect(bearerOf(own, credentials)).toEqual({
    name: 'bearer-of-TRIOPS_TOKEN',
    roles: ['operator', 'automation'],
  });
  expect(bearerOf('somebody', credentials)).toBeUndefined();
});

it.each(['no JSON', '[]', '[{"name":"ada","role":"king","sha256":"00"}]', '[{"name":"ada"}]'])(
  'the list %s stops the start, without printing it',
  (text) => {
    expect(() => readConfig(commonConfig, { PORT: '1', TRIOPS_TOKENS: text })).toThrow(
      'TRIOPS_TOKENS: expected JSON: [{ "name", "role", "sha256" }]',
    );
  },
);

it('nothing configured means nobody may act', () => {
  expect(credentialsOf(readConfig(commonConfig, { PORT: '1' }))).toBeUndefined();
});
