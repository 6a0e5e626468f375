/**
 * Controller: turns the state machine's actions into deeds, one after the other.
 *
 * in: Release, the deeds → out: the Release at its end
 *
 * Rule: write down, act, learn what happened, again. A deed that cannot be done although it must be (going back, stopping) is tried
 * again a few times; then the controller gives up with the state written, and the next start goes on from there.
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

const MOST_TRIES = 5;
const PAUSE_MS = 500;

/** @throws when an action that must be done failed several times. */
export async function runRelease(begun: Release, deeds: Deeds): Promise<Release> {
  let release = begun;
  let tries = 0;
  for (;;) {
    await deeds.save(release);
    const action = nextAction(release);
    if (action === undefined) return release;
    const event = await eventOf(action, release, deeds);
    const next = advance(release, event, deeds.now());
    if (event.kind === 'failed' && next.phase === release.phase) {
      tries += 1;
      if (tries === MOST_TRIES) throw new Error(`release: cannot ${action.do}: ${event.because}`);
      await deeds.pause(PAUSE_MS);
    } else tries = 0;
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
