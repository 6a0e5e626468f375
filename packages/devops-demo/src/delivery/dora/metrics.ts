/** DORA's measures as metrics. A measure without a case is absent, not 0. */
import { Gauge } from 'prom-client';
import type { Registry } from 'prom-client';
import type { Dora } from '../dora.js';

const MEASURES = [
  ['devops_dora_deployments_per_day', 'Deployments a day in the window.', (of: Dora) => of.deploymentsPerDay],
  ['devops_dora_lead_time_seconds', 'Change lead time, median.', (of: Dora) => of.leadTimeSeconds],
  ['devops_dora_change_fail_ratio', 'Share of deployments that failed.', (of: Dora) => of.changeFailRate],
  [
    'devops_dora_recovery_seconds',
    'Failed deployment recovery time, median.',
    (of: Dora) => of.recoverySeconds,
  ],
  ['devops_dora_deployments', 'Deployments in the window.', (of: Dora) => of.deployments.length],
] as const;

export function showDora(registry: Registry, measures: () => Promise<Dora>): void {
  for (const [name, help, valueOf] of MEASURES) {
    const gauge = new Gauge({
      name,
      help,
      registers: [],
      async collect() {
        const value = await measures().then(valueOf, () => null);
        if (value === null) this.remove();
        else this.set(value);
      },
    });
    registry.registerMetric(gauge);
  }
}
