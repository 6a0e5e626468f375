import { expect, test } from 'vitest';
import type { Alert } from '../src/correlate/alert.js';
import { createCorrelateMemory } from '../src/correlate/correlate-memory.js';
import type { CorrelateMemory, IncidentChange } from '../src/correlate/correlate-memory.js';
import type { Incident, IncidentSignal } from '../src/correlate/incident.js';
import { holdsOpen, placeAlerts } from '../src/correlate/place-alerts.js';

const burn: Alert = {
  fingerprint: 'burn',
  source: 'alertmanager',
  service: 'flights-api',
  name: 'BoardLatencyBudgetBurn',
  text: 'the budget burns',
  severity: 'critical',
  status: 'firing',
  at: 10_000,
};
const seenIn = (service: string) => ({ signalId: `${service}/latency-p95`, service }) as IncidentSignal;

function incidentWith(signals: IncidentSignal[], closedAt: number | null = null): Incident {
  return {
    id: 'inc-1',
    state: closedAt === null ? 'open' : 'closed',
    openedAt: 5_000,
    closedAt,
    lastTroubleAt: 5_000,
    signals,
    novelties: [],
    alerts: [{ ...burn, toldAt: 10_000 }],
    timeline: [],
  };
}

test('a page holds its incident open where no own signal watches the service', () => {
  expect(holdsOpen(incidentWith([]), 20_000)).toBe(true);
  expect(holdsOpen(incidentWith([seenIn('model-server')]), 20_000)).toBe(true);
});

test('a page about a service whose trouble the own signals saw does not: they see its end sooner', () => {
  expect(holdsOpen(incidentWith([seenIn('flights-api')]), 20_000)).toBe(false);
});

function placed(incident: Incident, alert: Alert, now: number): [IncidentChange[], CorrelateMemory] {
  const memory = createCorrelateMemory();
  memory.incidents.set(incident.id, incident);
  const changes: IncidentChange[] = [];
  placeAlerts([alert], now, memory, [], changes);
  return [changes, memory];
}

test('a page that still fires after its incident closed opens nothing; one that fires anew does', () => {
  const closed = incidentWith([seenIn('flights-api')], 60_000);
  const [repeated, memory] = placed(closed, burn, 200_000);
  expect(repeated).toEqual([]);
  expect(memory.incidents.size).toBe(1);
  const [anew] = placed(closed, { ...burn, at: 190_000 }, 200_000);
  expect(anew).toMatchObject([{ kind: 'opened' }]);
});
