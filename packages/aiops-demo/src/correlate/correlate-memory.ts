/** What correlate remembers from one evaluation to the next, and what it says of changes. */
import type { Novelty } from '../detect/novelty.js';
import type { Alert } from './alert.js';
import { withEntry } from './incident.js';
import type { Incident } from './incident.js';

/** A trouble that comes back within a minute is the same trouble. */
export const REOPEN_MS = 60_000;
/** Closed ones beyond this are forgotten, the oldest first. */
export const MOST_INCIDENTS_KEPT = 100;

export interface IncidentChange {
  readonly kind: 'opened' | 'reopened' | 'closed';
  readonly incidentId: string;
}

export interface CorrelateMemory {
  incidents: Map<string, Incident>;
  /** Of the last minute: they may precede the incident they explain. */
  novelties: Novelty[];
  /** Of the last minutes, from elsewhere: likewise. */
  alerts: Alert[];
}

export function createCorrelateMemory(): CorrelateMemory {
  return { incidents: new Map(), novelties: [], alerts: [] };
}

/** Adds incidents of an earlier process, before those of this one. */
export function takeBackIncidents(memory: CorrelateMemory, earlier: readonly Incident[], now: number): void {
  const taken = earlier.map((incident): Incident => {
    if (incident.state === 'closed') return incident;
    // Nobody watched meanwhile, so the quiet time begins anew.
    return withEntry({ ...incident, lastTroubleAt: now }, now, 'watched again after a restart of aiops');
  });
  const all = [...taken, ...memory.incidents.values()];
  memory.incidents = new Map(all.map((incident) => [incident.id, incident]));
}
