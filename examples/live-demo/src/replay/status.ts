/**
 * Status: what the replay says about itself, as a function of what it knows.
 *
 * Rule: the state is one word, the sentence says why and what happens next.
 */
export interface ReplayFacts {
  /** Epoch milliseconds of simulated time of the latest event sent, or where it will begin. */
  readonly simulated: number;
  readonly speed: number;
  readonly perSecond: number;
  readonly flights: number;
  readonly outcomes: number;
  readonly pending: number;
  readonly behindMs: number;
  readonly finished: boolean;
  /** Why the board does not take events, if it does not. */
  readonly away: string | undefined;
}

export interface ReplayStatus {
  simulatedTime: string;
  speed: number;
  flights: number;
  outcomes: number;
  pending: number;
  state: 'starting' | 'replaying' | 'waiting' | 'finished';
  because: string;
}

/** Less than this is the ordinary jitter of timers and answers. */
const WORTH_SAYING_MS = 2_000;

export function replayStatus(facts: ReplayFacts): ReplayStatus {
  const { speed, flights, outcomes, pending } = facts;
  return {
    simulatedTime: new Date(facts.simulated).toISOString(),
    speed,
    flights,
    outcomes,
    pending,
    ...stateOf(facts),
  };
}

function stateOf(facts: ReplayFacts): Pick<ReplayStatus, 'state' | 'because'> {
  const { speed, perSecond, flights, outcomes, behindMs, finished, away } = facts;
  if (finished) return { state: 'finished', because: 'every recorded flight is on the board' };
  if (away !== undefined) {
    return { state: 'waiting', because: `the board does not take events: ${away}. Nothing is skipped.` };
  }
  if (flights + outcomes === 0) return { state: 'starting', because: 'no event has been delivered yet' };
  const pace = `${speed} simulated seconds a second`;
  if (behindMs < WORTH_SAYING_MS) return { state: 'replaying', because: `on time at ${pace}` };
  const behind = `${Math.round(behindMs / 1_000)} s behind ${pace}`;
  return { state: 'replaying', because: `${behind}: catching up with at most ${perSecond} events a second` };
}
