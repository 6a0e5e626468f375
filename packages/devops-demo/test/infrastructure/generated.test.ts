import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { generatedFiles } from '../../src/infrastructure/generated.js';
import { readComposeFile } from '../../src/infrastructure/store.js';
import { INFRASTRUCTURE } from './tools.js';

describe('generated files', () => {
  test.each(generatedFiles(readComposeFile()).map((file) => [file.path, file] as const))(
    '%s is what the program generates',
    (_, { path, content }) => {
      expect(readFileSync(join(INFRASTRUCTURE, path), 'utf8'), 'run: npx devops generate').toBe(content);
    },
  );
});
