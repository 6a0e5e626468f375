/**
 * Health endpoints: is the process alive, is it ready for traffic, and which build is it?
 *
 * Liveness asks nothing of others: a restart would not mend a dead database. Readiness asks each thing
 * the service cannot work without, and says in words what is missing. A service that is shutting down
 * is alive and not ready, so that a load balancer sends the next request elsewhere.
 */
import { Router } from 'express';
import { messageOf } from './reason-of.js';

/** True when ready; otherwise a sentence that says what is missing. */
export type ReadinessCheck = () => Promise<true | string> | true | string;

/** What the health endpoints need to know. */
export interface HealthOptions {
  name: string;
  version: string;
  commit: string;
  readiness: Record<string, ReadinessCheck>;
}

/** Routes `/livez`, `/readyz` and `/version`. */
export function healthRoutes(options: HealthOptions): Router {
  const startedAt = new Date().toISOString();
  const router = Router();
  router.get('/livez', (_request, response) => {
    response.json({ status: 'alive' });
  });
  router.get('/readyz', async (request, response) => {
    const checks: Record<string, string> = {};
    for (const [name, check] of Object.entries(options.readiness)) checks[name] = await outcome(check);
    if (request.app.get('draining') === true) checks['shutdown'] = 'draining: this instance is stopping';
    const ready = Object.values(checks).every((result) => result === 'ok');
    response.status(ready ? 200 : 503).json({ status: ready ? 'ready' : 'not ready', checks });
  });
  router.get('/version', (_request, response) => {
    response.json({ service: options.name, version: options.version, commit: options.commit, startedAt });
  });
  return router;
}

async function outcome(check: ReadinessCheck): Promise<string> {
  try {
    const result = await check();
    return result === true ? 'ok' : result;
  } catch (error) {
    return messageOf(error);
  }
}
