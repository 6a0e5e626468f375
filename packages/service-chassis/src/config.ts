/**
 * Configuration from environment variables, checked once at the start.
 *
 * A service that starts with a wrong setting fails late and far away. So every service describes its
 * settings with zod, reads them here, and stops at once with the variable's name when one is wrong.
 */
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { tokenListText } from './credentials.js';
import { askWith } from './issue-words.js';

/** The settings every Triops service understands. Extend it with the service's own. */
export const commonConfig = z.object({
  HOST: z.string().default('127.0.0.1'),
  PORT: z.coerce.number().int().min(0).max(65535),
  LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal']).default('info'),
  /** Where log records are shipped as OTLP/HTTP JSON. Unset: they are only printed. */
  OTLP_LOGS_URL: z.url().optional(),
  /** Bearer token of the acting endpoints. Unset: these endpoints refuse everybody. */
  TRIOPS_TOKEN: z.string().min(16).optional(),
  /** Named tokens with a role each, as JSON; usually a file: TRIOPS_TOKENS_FILE. See credentials.ts. */
  TRIOPS_TOKENS: tokenListText.optional(),
  /** `on` allows faults to be injected. */
  TRIOPS_FAULTS: z.enum(['on', 'off']).default('off'),
  TRIOPS_VERSION: z.string().default('0.1.0'),
  TRIOPS_COMMIT: z.string().default('unknown'),
});

/** A setting that is missing or wrong. `main.ts` prints the message and exits with 2. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

/**
 * Reads and checks the settings. An empty variable counts as unset, as Compose writes it. A secret may stand
 * in a file instead: `DATABASE_URL_FILE=/secrets/database-url` sets DATABASE_URL to the file's content.
 *
 * @throws {ConfigError} naming each variable that is missing or wrong.
 * @example readConfig(z.object({ PORT: z.coerce.number() }), { PORT: '8081' }) // { PORT: 8081 }
 * // { PORT: 'eighty' } throws 'environment variables: PORT: set it to a number'
 */
export function readConfig<Schema extends z.ZodObject>(
  schema: Schema,
  env: Record<string, string | undefined> = process.env,
): z.infer<Schema> {
  const set: Record<string, string> = {};
  for (const name of Object.keys(schema.shape)) {
    const value = env[name] || fromFile(name, env);
    if (value) set[name] = value;
  }
  const parsed = schema.safeParse(set, { error: askWith('set it to') });
  if (parsed.success) return parsed.data;
  const wrong = parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
  throw new ConfigError(`environment variables: ${wrong.join('; ')}`);
}

function fromFile(name: string, env: Record<string, string | undefined>): string | undefined {
  const path = env[`${name}_FILE`];
  if (!path) return undefined;
  try {
    return readFileSync(path, 'utf8').trim();
  } catch (error) {
    throw new ConfigError(`cannot read the file that ${name}_FILE names: ${path}`, {
      cause: error,
    });
  }
}
