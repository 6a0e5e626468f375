/** The same incidents, damaged: does the ranking hold when telemetry is worse than here? */
import { seededRandom } from 'aiops-demo';
import type { MetricIncident, MetricTable, Series, ServiceMetrics } from 'aiops-demo';

const SEED = 1;
type Damage = (incident: MetricIncident) => MetricIncident;

/** Each value is lost with the given chance. */
export function losing(share: number): Damage {
  const random = seededRandom(SEED);
  const lose = (series: Series) => series.map((value) => (random() < share ? null : value));
  return (incident) => ({ ...incident, incident: changed(incident.incident, all(lose)) });
}

/** Only every second interval of normal time is known. */
export const halfNormal: Damage = (incident) => ({
  ...incident,
  normal: changed(
    incident.normal,
    all((series) => series.filter((_, index) => index % 2 === 0)),
  ),
});

/** Twice the traffic, and every answer of every service 15 % slower for it. */
export const busier: Damage = (incident) => ({
  ...incident,
  incident: changed(incident.incident, ({ requests, latencySeconds, failedShare }) => ({
    requests: requests.map((count) => (count === null ? null : count * 2)),
    latencySeconds: latencySeconds.map((seconds) => (seconds === null ? null : seconds * 1.15)),
    failedShare,
  })),
});

/** The fault had half its effect: each value is the mean of itself and a random value of normal time. */
export function halfAsStrong(): Damage {
  const random = seededRandom(SEED);
  const weaken = (series: Series, normal: Series) => {
    const usual = normal.filter((value) => value !== null);
    return series.map((value) => {
      const other = usual[Math.floor(random() * usual.length)];
      return value === null || other === undefined ? value : (value + other) / 2;
    });
  };
  return (incident) => ({
    ...incident,
    incident: changed(incident.incident, (metrics, service) => {
      const normal = incident.normal.get(service);
      if (normal === undefined) return metrics;
      return {
        requests: metrics.requests,
        latencySeconds: weaken(metrics.latencySeconds, normal.latencySeconds),
        failedShare: weaken(metrics.failedShare, normal.failedShare),
      };
    }),
  });
}

function changed(
  table: MetricTable,
  change: (metrics: ServiceMetrics, service: string) => ServiceMetrics,
): MetricTable {
  return new Map([...table].map(([service, metrics]) => [service, change(metrics, service)]));
}

function all(change: (series: Series) => Series): (metrics: ServiceMetrics) => ServiceMetrics {
  return ({ requests, latencySeconds, failedShare }) => ({
    requests: change(requests),
    latencySeconds: change(latencySeconds),
    failedShare: change(failedShare),
  });
}
