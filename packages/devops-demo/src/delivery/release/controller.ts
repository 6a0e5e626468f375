/**
 * Controller: turns the state machine's actions into deeds, one after the other.
 *
 * in: Release, the deeds → out: the Release at its end
 *
 * Rule: write down, act, learn what happened, again. A deed that cannot be done although it must be (going back, stopping) is tried
 * again with growing pauses, for two minutes: a gateway that restarts or is overrun is back by then. Then the controller gives up with the
 * state written, and the next start goes on from there.
 */
import { messageOf } from 'service-chassis/reason-of';
import { advance, nextAction } from '../release.js';
import type { Action, Event, Release } from '../release.js';

export interface Deeds {
  /** Does it; a throw means that it failed. */
  readonly perform: (action: Action, release: Release) => Promise<Event>;
  /** Durable when it returns. */
  readonly save: (release: Release) => Promise<void> | void;
  readonly now: () => string;
  readonly pause: (ms: number) => Promise<unknown>;
}

const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 10_000;
/** Pauses alone; longer than the minute for which a service may refuse. */
const PATIENCE_MS = 120_000;

/** @throws when an action that must be done failed for the whole of the patience. */
export async function runRelease(begun: Release, deeds: Deeds): Promise<Release> {
  let release = begun;
  let [pauseMs, pausedMs] = [FIRST_PAUSE_MS, 0];
  for (;;) {
    await deeds.save(release);
    const action = nextAction(release);
    if (action === undefined) return release;
    const event = await eventOf(action, release, deeds);
    const next = advance(release, event, deeds.now());
    if (event.kind === 'failed' && next.phase === release.phase) {
      if (pausedMs >= PATIENCE_MS)
        throw new Error(`release: cannot ${action.do}: ${event.because}; later: npx devops release --resume`);
      await deeds.pause(pauseMs);
      [pauseMs, pausedMs] = [Math.min(2 * pauseMs, LONGEST_PAUSE_MS), pausedMs + pauseMs];
    } else [pauseMs, pausedMs] = [FIRST_PAUSE_MS, 0];
    release = next;
  }
}

async function eventOf(action: Action, release: Release, { perform }: Deeds): Promise<Event> {
  try {
    return await perform(action, release);
  } catch (error) {
    return { kind: 'failed', because: messageOf(error) };
  }
}
