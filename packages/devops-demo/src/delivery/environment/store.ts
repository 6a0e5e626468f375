/** What the controller must know of the place it releases into; left there by whoever started the gateway. */
import { join } from 'node:path';
import { z } from 'zod';
import { readConfig } from 'service-chassis';
import { readJson, writeJson } from '../json-file/store.js';

const environmentSchema = z.object({
  DATABASE_URL: z.string(),
  /** The embedded gateway's admin API, or HAProxy's runtime socket (a path, or host:port). */
  GATEWAY_ADMIN: z.string(),
  TRIOPS_TOKEN: z.string().optional(),
  MODEL_SERVER_URL: z.string().optional(),
  OTLP_LOGS_URL: z.string().optional(),
  TRIOPS_FAULTS: z.string().optional(),
  /** In containers: where each slot is, `blue=URL,green=URL`. Without it versions run as processes of this machine. */
  BOARD_SLOTS: z.string().optional(),
  /** Where the metrics of both versions are; without it they are asked themselves. */
  PROMETHEUS_URL: z.url().optional(),
  /** Who is told of releases. */
  AIOPS_URL: z.string().optional(),
});
export type Environment = z.infer<typeof environmentSchema>;

const FILE = 'environment.json';

export function writeEnvironment(stateDir: string, environment: Environment): void {
  writeJson(join(stateDir, FILE), environment);
}

/**
 * The environment's own variables win over the file.
 *
 * @throws when neither names the gateway and the database
 */
export function readEnvironment(stateDir: string): Environment {
  const written = environmentSchema.partial().parse(readJson(join(stateDir, FILE)) ?? {});
  const given = readConfig(environmentSchema.partial());
  const both = environmentSchema.safeParse({ ...written, ...given });
  if (both.success) return both.data;
  throw new Error(
    'no gateway is known here; start one: npm run demo, or npx devops gateway --embedded (or set GATEWAY_ADMIN and DATABASE_URL)',
  );
}
