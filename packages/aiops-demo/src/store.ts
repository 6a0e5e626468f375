/**
 * Shell: keeps incidents, their timeline and the log templates in PostgreSQL, over a restart.
 *
 * Memory is the truth while the process lives; the database follows. What could not be written stays noted and
 * is written when the database is back, so an outage of the database loses nothing but time.
 */
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { openDatabase } from 'service-chassis';
import type { createLogger } from 'service-chassis';
import type { Earlier } from './memory.js';
import type { LogTemplate } from './parse/parse.js';
import type { ReportedIncident } from './report/report.js';
import {
  LOAD_INCIDENTS,
  LOAD_TEMPLATES,
  SAVE_INCIDENT,
  SAVE_TEMPLATES,
  SAVE_TIMELINE,
} from './store-queries.js';
import {
  fromIncidentRow,
  fromTemplateRow,
  toIncidentValues,
  toTemplateRow,
  toTimelineRow,
} from './store-rows.js';
import type { IncidentRow, TemplateRow } from './store-rows.js';

export interface Store {
  /** Notes what must be written. */
  note(incidents: readonly ReportedIncident[], templates: readonly LogTemplate[]): void;
  /** Writes what is noted; never rejects. Several calls at once share one attempt. */
  flush(): Promise<void>;
  /** Where the data are, in words. */
  state(): string;
  close(): Promise<void>;
}

export interface StoreOptions {
  url: string | undefined;
  logger: ReturnType<typeof createLogger>;
  /** Called once, when the database answers for the first time: with what an earlier process left there. */
  onEarlier: (earlier: Earlier) => void;
  patienceMs?: number;
}

const MIGRATIONS = fileURLToPath(new URL('../migrations', import.meta.url));
const PATIENCE_MS = 15_000;
const RECONNECT_PATIENCE_MS = 1_000;
const MOST_TEMPLATES_NOTED = 10_000;
/** SQLSTATE class 22: the data themselves are at fault, so trying again is no use. */
const DATA_ERROR = /^22/;

/** Opens the store. Without a database, or when it does not answer in time, everything stays in memory and the log says so. */
export async function openStore(options: StoreOptions): Promise<Store> {
  const { url, logger } = options;
  if (url === undefined) {
    logger.warn(
      'DATABASE_URL is not set: incidents and templates are kept in memory and end with this process',
    );
    return { note() {}, async flush() {}, state: () => 'in memory', async close() {} };
  }
  const store = new PostgresStore({ ...options, url });
  await store.connect(options.patienceMs ?? PATIENCE_MS);
  return store;
}

class PostgresStore implements Store {
  readonly #options: StoreOptions & { url: string };
  readonly #incidents = new Map<string, ReportedIncident>();
  readonly #templates = new Map<string, LogTemplate>();
  #pool: pg.Pool | undefined;
  #flushing: Promise<void> | undefined;
  #isGone = false;

  constructor(options: StoreOptions & { url: string }) {
    this.#options = options;
  }

  async connect(patienceMs: number): Promise<void> {
    const { url, logger, onEarlier } = this.#options;
    try {
      const pool = await openDatabase({
        url,
        schema: 'aiops',
        migrationsDir: MIGRATIONS,
        logger,
        patienceMs,
        connections: 2,
      });
      const incidents = await pool.query<IncidentRow>(LOAD_INCIDENTS);
      const templates = await pool.query<TemplateRow>(LOAD_TEMPLATES);
      this.#pool = pool;
      onEarlier({
        incidents: incidents.rows.map(fromIncidentRow),
        templates: templates.rows.map(fromTemplateRow),
      });
      logger.info(`took back ${incidents.rows.length} incidents and ${templates.rows.length} log templates`);
    } catch (error) {
      this.#tellGone(error);
    }
  }

  note(incidents: readonly ReportedIncident[], templates: readonly LogTemplate[]): void {
    for (const incident of incidents) this.#incidents.set(incident.id, incident);
    for (const template of templates) {
      if (this.#templates.size < MOST_TEMPLATES_NOTED || this.#templates.has(template.id))
        this.#templates.set(template.id, template);
    }
  }

  async flush(): Promise<void> {
    this.#flushing ??= this.#write().finally(() => {
      this.#flushing = undefined;
    });
    return this.#flushing;
  }

  state(): string {
    const waiting = this.#incidents.size + this.#templates.size;
    return this.#isGone
      ? `in memory: the database does not answer, ${waiting} changes wait for it`
      : 'in PostgreSQL';
  }

  async close(): Promise<void> {
    // The attempt that runs may have begun before the last note.
    await this.#flushing;
    await this.flush();
    await this.#pool?.end();
  }

  async #write(): Promise<void> {
    if (this.#pool === undefined) await this.connect(RECONNECT_PATIENCE_MS);
    const pool = this.#pool;
    if (pool === undefined) return;
    try {
      for (const incident of this.#incidents.values()) {
        await this.#unlessDataError(incident.id, async () => saveIncident(pool, incident));
        if (this.#incidents.get(incident.id) === incident) this.#incidents.delete(incident.id);
      }
      const templates = [...this.#templates.values()];
      if (templates.length > 0) {
        const rows = JSON.stringify(templates.map(toTemplateRow));
        await this.#unlessDataError('templates', async () => pool.query(SAVE_TEMPLATES, [rows]));
      }
      for (const template of templates) {
        if (this.#templates.get(template.id) === template) this.#templates.delete(template.id);
      }
      if (this.#isGone)
        this.#options.logger.info('the database is back: everything noted meanwhile is written');
      this.#isGone = false;
    } catch (error) {
      this.#tellGone(error);
    }
  }

  async #unlessDataError(what: string, write: () => Promise<unknown>): Promise<void> {
    try {
      await write();
    } catch (error) {
      if (!(error instanceof pg.DatabaseError) || !DATA_ERROR.test(error.code ?? '')) throw error;
      this.#options.logger.error({ error }, `PostgreSQL refuses to store ${what}; it stays in memory only`);
    }
  }

  #tellGone(error: unknown): void {
    if (this.#isGone) return;
    this.#isGone = true;
    const reason = error instanceof Error ? error.message : String(error);
    this.#options.logger.warn(`the database does not answer, working in memory until it is back: ${reason}`);
  }
}

/** One incident and its timeline, together or not at all. */
async function saveIncident(pool: pg.Pool, incident: ReportedIncident): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query('begin');
    await client.query(SAVE_INCIDENT, toIncidentValues(incident));
    await client.query(SAVE_TIMELINE, [incident.id, JSON.stringify(incident.timeline.map(toTimelineRow))]);
    await client.query('commit');
  } catch (error) {
    await client.query('rollback').catch(() => undefined);
    throw error;
  } finally {
    client.release();
  }
}
