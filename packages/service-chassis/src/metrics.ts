/**
 * Metrics in the Prometheus exposition format, with the process metrics everybody expects.
 *
 * Each service has its own registry, so a test can run several services in one process.
 */
import { Gauge, Registry, collectDefaultMetrics } from 'prom-client';

/** Makes a registry with process and event-loop metrics, and a build-information gauge. */
export function createMetrics(options: { service: string; version?: string; commit?: string }): Registry {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  new Gauge({
    name: 'triops_build_info',
    help: 'Always 1; the labels say which build is running.',
    labelNames: ['service', 'version', 'commit'],
    registers: [registry],
  }).set(
    { service: options.service, version: options.version ?? 'unknown', commit: options.commit ?? 'unknown' },
    1,
  );
  return registry;
}
