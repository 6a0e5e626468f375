/**
 * A PostgreSQL connection pool whose schema is up to date.
 *
 * Waits for the database with bounded patience, creates the service's own schema, and applies the migrations
 * that are missing (plain SQL files, run by node-pg-migrate under an advisory lock, so two instances that
 * start together do not collide).
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { runner } from 'node-pg-migrate';
import pg from 'pg';
import type { Logger } from 'pino';

const RETRY_MS = 500;
const CONNECT_TIMEOUT_MS = 3_000;
const STATEMENT_TIMEOUT_MS = 10_000;

/** Which database, and what must be in it. */
export interface DatabaseOptions {
  /** postgresql://user:password@host:port/database */
  url: string;
  /** The schema this service owns. Letters and underscores. */
  schema: string;
  /** Folder of migrations, `0001_name.sql` and so on, with `-- Up Migration` and `-- Down Migration`. */
  migrationsDir: string;
  logger: Logger;
  /** How long to wait for the database to answer at the start. */
  patienceMs?: number;
  /** Most connections at once. */
  connections?: number;
}

/**
 * Opens the pool and brings the schema up to date.
 *
 * @throws when the database does not answer within `patienceMs`, or a migration fails.
 */
export async function openDatabase(options: DatabaseOptions): Promise<pg.Pool> {
  const { url, schema, logger } = options;
  if (!/^[a-z_]+$/.test(schema))
    throw new Error(`openDatabase: expected a schema of letters and underscores, got "${schema}"`);
  const pool = new pg.Pool({
    connectionString: url,
    max: options.connections ?? 8,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    statement_timeout: STATEMENT_TIMEOUT_MS,
    options: `-c search_path=${schema}`,
    application_name: schema,
  });
  // An idle connection that breaks must not end the process: the next query opens a new one.
  pool.on('error', (error) => logger.warn({ error }, 'a database connection broke'));
  try {
    await waitUntilItAnswers(pool, options);
    const applied = await runner({
      databaseUrl: url,
      dir: options.migrationsDir,
      direction: 'up',
      schema,
      createSchema: true,
      migrationsSchema: schema,
      migrationsTable: 'migrations',
      advisoryLockMode: 'wait',
      logger: {
        info: () => undefined,
        warn: (text) => logger.warn(text),
        error: (text) => logger.error(text),
      },
    });
    if (applied.length > 0) logger.info(`applied ${applied.length} migrations to schema ${schema}`);
    return pool;
  } catch (error) {
    await pool.end();
    throw error;
  }
}

async function waitUntilItAnswers(pool: pg.Pool, options: DatabaseOptions): Promise<void> {
  const deadline = Date.now() + (options.patienceMs ?? 60_000);
  for (;;) {
    try {
      await pool.query('select 1');
      return;
    } catch (error) {
      if (Date.now() > deadline) {
        throw new Error(
          `openDatabase: the database did not answer within ${options.patienceMs ?? 60_000} ms`,
          { cause: error },
        );
      }
      options.logger.info('waiting for the database');
      await sleep(RETRY_MS);
    }
  }
}
