/** Plays the rehearsal: a scratch database, both versions on it, probes, and no trace afterwards. */
import { join } from 'node:path';
import pg from 'pg';
import { createInstances } from '../instances/process.js';
import type { InstancesOptions } from '../instances/process.js';
import { judgeRehearsal, probes } from '../rehearse.js';
import type { ProbeAnswer } from '../rehearse.js';

const SCRATCH_DATABASE = 'triops_rehearsal';
const PROBE_TIMEOUT_MS = 5_000;
const PROBES_BEFORE = 5;
const PROBES_AFTER = 10;
/** Nobody answers there, so the rehearsal does not depend on the model server. */
const NO_MODEL_SERVER = 'http://127.0.0.1:9';

export interface RehearsalOptions extends InstancesOptions {
  readonly databaseUrl: string;
  readonly oldDigest: string;
  readonly newDigest: string;
}

/** @returns why the new version is refused, or undefined. */
export async function rehearse(options: RehearsalOptions): Promise<string | undefined> {
  const { oldDigest, newDigest, databaseUrl } = options;
  const scratchUrl = databaseUrl.replace(/\/[^/]*$/, `/${SCRATCH_DATABASE}`);
  const instances = createInstances({
    ...options,
    stateDir: join(options.stateDir, 'rehearsal'),
    env: {
      ...options.env,
      DATABASE_URL: scratchUrl,
      MODEL_SERVER_URL: NO_MODEL_SERVER,
      TRIOPS_TOKEN: undefined,
    },
  });
  const end = async () => {
    await Promise.all([instances.stop('blue'), instances.stop('green')]);
    await administer(databaseUrl, `drop database if exists ${SCRATCH_DATABASE} with (force)`);
  };
  await end();
  try {
    await administer(databaseUrl, `create database ${SCRATCH_DATABASE}`);
    const old = await instances.start('blue', oldDigest);
    const answers: ProbeAnswer[] = [];
    for (let n = 0; n < PROBES_BEFORE; n++) answers.push(...(await ask('old', old.url, n)));
    const migrated = new AbortController();
    const starting = instances.start('green', newDigest).finally(() => migrated.abort());
    starting.catch(() => undefined);
    let n = PROBES_BEFORE;
    while (!migrated.signal.aborted) answers.push(...(await ask('old', old.url, n++)));
    const { url } = await starting;
    for (let after = 0; after < PROBES_AFTER; after++) {
      answers.push(...(await ask('old', old.url, n++)), ...(await ask('new', url, n++)));
    }
    return judgeRehearsal(answers);
  } finally {
    await end();
  }
}

/** Names of the migrations that the database has. */
export async function appliedMigrations(databaseUrl: string): Promise<string[]> {
  const known = await administer(databaseUrl, `select to_regclass('board.migrations') as name`);
  if (known[0]?.name === null) return [];
  return (await administer(databaseUrl, 'select name from board.migrations order by id')).map(
    ({ name }) => name ?? '',
  );
}

async function ask(asked: 'old' | 'new', url: string, number: number): Promise<ProbeAnswer[]> {
  const answers: ProbeAnswer[] = [];
  for (const { method, path, body } of probes(number)) {
    const startedAt = performance.now();
    const status = await fetch(`${url}${path}`, {
      method,
      headers: { 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(PROBE_TIMEOUT_MS),
    }).then(
      async (response) => response.arrayBuffer().then(() => response.status),
      () => 0,
    );
    const seconds = (performance.now() - startedAt) / 1_000;
    answers.push({
      asked,
      probe: `${method} ${path.replace(/REHEARSAL-\d+/, ':flightId')}`,
      status,
      seconds,
    });
  }
  return answers;
}

async function administer(databaseUrl: string, sql: string): Promise<{ name: string | null }[]> {
  const database = new pg.Client(databaseUrl);
  await database.connect();
  try {
    return (await database.query<{ name: string | null }>(sql)).rows;
  } finally {
    await database.end();
  }
}
