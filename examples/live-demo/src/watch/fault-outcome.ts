/**
 * Fault outcome: what aiops made of a fault that was injected.
 *
 * in: FaultRecord, Incident[] → out: FaultOutcome
 *
 * Rule: the first incident that opened after the fault began is about the fault.
 * When it misleads: an unrelated incident that opens by chance during the fault is counted as noticing it.
 *
 *   outcomeOf({ name: 'slow-model', startedAt: '…:08Z', endedAt: '…:38Z', … }, [{ openedAt: '…:17Z', closedAt: '…:58Z', … }])
 *   // { …, noticedAfterSeconds: 9, namedFirst: 'model-server', closedAfterSeconds: 20 }
 */
import { causeOf } from './narrate.js';
import type { Incident } from './observation.js';

/** A fault that was injected: what, where, from when to when. */
export interface FaultRecord {
  readonly name: string;
  readonly where: string;
  readonly startedAt: string;
  readonly endedAt: string | null;
}

export interface FaultOutcome extends FaultRecord {
  /** From the fault's beginning to the incident's; null when none opened. */
  readonly noticedAfterSeconds: number | null;
  /** The incident's first suspect. */
  readonly namedFirst: string | null;
  /** From the fault's end to the incident's; null while either is open. */
  readonly closedAfterSeconds: number | null;
}

export function outcomeOf(fault: FaultRecord, incidents: readonly Incident[]): FaultOutcome {
  const [incident] = incidents
    .filter(({ openedAt }) => Date.parse(openedAt) >= Date.parse(fault.startedAt))
    .sort((a, b) => Date.parse(a.openedAt) - Date.parse(b.openedAt));
  if (incident === undefined) {
    return { ...fault, noticedAfterSeconds: null, namedFirst: null, closedAfterSeconds: null };
  }
  return {
    ...fault,
    noticedAfterSeconds: secondsBetween(fault.startedAt, incident.openedAt),
    namedFirst: causeOf(incident),
    closedAfterSeconds: secondsBetween(fault.endedAt, incident.closedAt),
  };
}

function secondsBetween(from: string | null, to: string | null | undefined): number | null {
  if (from === null || to === null || to === undefined) return null;
  return Math.round((Date.parse(to) - Date.parse(from)) / 100) / 10;
}
