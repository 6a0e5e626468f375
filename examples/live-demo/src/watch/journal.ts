/** Journal: the run's own story (when flights flowed, what was broken on purpose, what went wrong), told and kept. */
import { messageOf } from 'service-chassis/reason-of';
import type { FaultRecord } from './fault-outcome.js';
import type { Line } from './narrate.js';
import type { RunFacts } from './summary.js';

export interface Journal {
  flightsFlow(at: number): void;
  fault(text: string, record: FaultRecord): void;
  problem(error: unknown): void;
  ended(at: number, stoppedBy: string | undefined): void;
  facts(): Pick<RunFacts, 'beganAt' | 'startupSeconds' | 'ranSeconds' | 'stoppedBy' | 'faults' | 'problems'>;
}

export function createJournal(say: (line: Line) => void, beganAt: number): Journal {
  const faults = new Map<string, FaultRecord>();
  const problems: string[] = [];
  let flowedAt: number | undefined;
  let end: { at: number; stoppedBy: string | undefined } = { at: beganAt, stoppedBy: undefined };
  return {
    flightsFlow(at) {
      flowedAt = at;
      say({ kind: 'start', text: `flights flow, ${((at - beganAt) / 1_000).toFixed(1)} s after the start` });
    },
    fault(text, record) {
      faults.set(record.startedAt, record);
      say({ kind: 'fault', text });
    },
    problem(error) {
      const text = messageOf(error);
      problems.push(text);
      say({ kind: 'problem', text });
    },
    ended(at, stoppedBy) {
      end = { at, stoppedBy };
    },
    facts: () => ({
      beganAt,
      startupSeconds: flowedAt === undefined ? undefined : (flowedAt - beganAt) / 1_000,
      ranSeconds: flowedAt === undefined ? 0 : (end.at - flowedAt) / 1_000,
      stoppedBy: end.stoppedBy,
      faults: [...faults.values()],
      problems,
    }),
  };
}
