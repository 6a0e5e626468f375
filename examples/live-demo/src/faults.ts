/**
 * Fault scenarios: what is broken on purpose, where, when, for how long, and what should be seen. Data only.
 *
 * Rule: times count from the moment flights flow. Each scenario breaks one thing and mends it.
 */
import type { PartName } from './system.js';

/** `order`: what the part is asked through POST /v1/faults. `kill`: SIGKILL, and a fresh start at the end. */
export type FaultAction =
  | {
      readonly kind: 'order';
      readonly order: {
        name: 'slow' | 'errors' | 'hang';
        seconds: number;
        latencyMs?: number;
        ratio?: number;
      };
    }
  | { readonly kind: 'kill' };

export interface Scenario {
  /** In words, for the event log and --help. */
  readonly what: string;
  readonly where: PartName;
  readonly startsAtSeconds: number;
  readonly lastsSeconds: number;
  readonly action: FaultAction;
  readonly expect: string;
}

/** Late enough that the detectors have learned what is normal. */
const STARTS_AT_SECONDS = 40;

export const SCENARIOS: Readonly<Record<string, Scenario>> = {
  'slow-model': {
    what: 'the model server takes 3 s for an answer, for 30 s',
    where: 'model-server',
    startsAtSeconds: STARTS_AT_SECONDS,
    lastsSeconds: 30,
    action: { kind: 'order', order: { name: 'slow', seconds: 30, latencyMs: 3_000 } },
    expect: 'the board answers with its base rate, marked as degraded; one incident names model-server first',
  },
  'model-down': {
    what: 'the model server is killed and started again after 20 s',
    where: 'model-server',
    startsAtSeconds: STARTS_AT_SECONDS,
    lastsSeconds: 20,
    action: { kind: 'kill' },
    expect: 'the board answers with its base rate until the model server is back',
  },
  'model-errors': {
    what: 'half of the model server’s answers are errors, for 30 s',
    where: 'model-server',
    startsAtSeconds: STARTS_AT_SECONDS,
    lastsSeconds: 30,
    action: { kind: 'order', order: { name: 'errors', seconds: 30, ratio: 0.5 } },
    expect: 'the board tries again, and answers with its base rate where that fails too',
  },
};

/** After a fault: its end is told, and what was killed is started again. */
const MENDED_WITHIN_SECONDS = 10;

export interface FaultTimes {
  readonly startsAt: number;
  readonly endsAt: number;
  /** The shortest run that sees all of it. The incident closes later, about 35 s after the fault. */
  readonly leastRun: number;
}

/** Seconds after flights flow. */
export function timesOf({ startsAtSeconds, lastsSeconds }: Scenario): FaultTimes {
  const endsAt = startsAtSeconds + lastsSeconds;
  return { startsAt: startsAtSeconds, endsAt, leastRun: endsAt + MENDED_WITHIN_SECONDS };
}

export function scenarioNames(): string[] {
  return Object.keys(SCENARIOS);
}
