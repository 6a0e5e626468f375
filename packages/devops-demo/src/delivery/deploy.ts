/**
 * Deploy: the verified bundle is started, its database is migrated, and it takes traffic.
 *
 * in: Verified, what happened at the start → out: Deployed
 *
 * Rule: nothing is deployed that was refused. Deployed means: migrations applied, and ready since an instant.
 * When it misleads: ready is what the instance says of itself. Whether it serves well is the next stage's question.
 * Source: J. Humble and D. Farley, Continuous Delivery (2010), chapter 10.
 *
 *   deploy(verified, { migrations: ['0001_board'], readySince: '2026-07-01T10:00:00Z', seconds: 0.8 })
 *   // { state: 'passed', because: '1 migration applied, the last 0001_board; ready since 2026-07-01T10:00:00Z', … }
 */
import { counted } from 'service-chassis/counted';
import type { Stage } from './stage.js';
import type { Verified } from './verify.js';

export interface Deployment {
  /** All that the database has, in order. */
  migrations: readonly string[];
  /** ISO 8601, or undefined while the instance is not ready. */
  readySince: string | undefined;
  /** From the start of the process to readiness. */
  seconds: number | undefined;
}

export interface Deployed extends Stage {
  readySince: string | undefined;
  seconds?: number;
}

export function deploy(verified: Verified, deployment: Deployment): Deployed {
  const { migrations, readySince, seconds } = deployment;
  if (verified.state === 'failed') {
    return { state: 'waiting', because: 'the bundle was refused', readySince: undefined };
  }
  if (readySince === undefined) {
    return { state: 'running', because: 'not ready: the database does not answer', readySince };
  }
  const last = migrations.at(-1);
  const applied =
    last === undefined
      ? 'no migrations'
      : `${counted(migrations.length, 'migration')} applied, the last ${last}`;
  const because = `${applied}; ready since ${readySince}`;
  return { state: 'passed', because, readySince, ...(seconds === undefined ? {} : { seconds }) };
}
