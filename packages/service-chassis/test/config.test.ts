import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { ConfigError, commonConfig, readConfig } from '../src/index.js';

describe('readConfig', () => {
  it('fills in defaults and turns numbers into numbers', () => {
    const config = readConfig(commonConfig, { PORT: '8081' });
    expect(config).toMatchObject({ HOST: '127.0.0.1', PORT: 8081, LOG_LEVEL: 'info', TRIOPS_FAULTS: 'off' });
  });

  it('counts an empty variable as unset', () => {
    expect(readConfig(commonConfig, { PORT: '1', TRIOPS_TOKEN: '' }).TRIOPS_TOKEN).toBeUndefined();
  });

  it('reads a secret from the file that NAME_FILE names, without its line end', () => {
    const folder = mkdtempSync(join(tmpdir(), 'config-'));
    const file = join(folder, 'token');
    writeFileSync(file, 'sixteen-letters-or-more\n');
    expect(readConfig(commonConfig, { PORT: '1', TRIOPS_TOKEN_FILE: file }).TRIOPS_TOKEN).toBe(
      'sixteen-letters-or-more',
    );
    rmSync(folder, { recursive: true });
    expect(() => readConfig(commonConfig, { PORT: '1', TRIOPS_TOKEN_FILE: file })).toThrow(
      /TRIOPS_TOKEN_FILE/,
    );
  });

  it('names every variable that is wrong', () => {
    const schema = commonConfig.extend({ DATABASE_URL: z.url() });
    const read = () => readConfig(schema, { PORT: 'eighty', DATABASE_URL: 'nonsense' });
    expect(read).toThrow(ConfigError);
    expect(read).toThrow(/PORT.*DATABASE_URL/);
  });

  it('says what each should be, without repeating what it is: it may be a secret', () => {
    const schema = commonConfig.extend({ DATABASE_URL: z.url(), FLIGHTS: z.string() });
    const env = {
      PORT: 'eighty',
      DATABASE_URL: 'ada secret',
      TRIOPS_FAULTS: 'yes',
      TRIOPS_TOKEN: 'short',
    };
    expect(() => readConfig(schema, env)).toThrow(
      new ConfigError(
        'environment variables: PORT: set it to a number; TRIOPS_TOKEN: set it to at least 16 characters; ' +
          'TRIOPS_FAULTS: set it to "on" or "off"; DATABASE_URL: set it to a URL, such as http://127.0.0.1:8080/path; ' +
          'FLIGHTS: missing: set it to a string',
      ),
    );
  });
});
