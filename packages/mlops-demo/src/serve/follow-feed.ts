/**
 * Follow the feed: learn every event of the board, in order, whatever happens to the board or to this server.
 *
 * in:  ReadFeed, and the LiveFeatures that shall learn
 * out: LiveFeatures at the feed's end, asked again each second; for each landing learned, a call of `onLanding`
 *
 * Rule: a full page is followed by the next at once; at the end of the feed wait a second. When the board is away, wait longer and longer,
 * up to 8 s. The cursor moves only after its page has been learned, so no failure skips an event, and a restart
 * (cursor gone) reads from the beginning.
 *
 * When it misleads: the lag says how long ago the end of the feed was seen, not how late the world's own news are.
 *
 * Source: at-least-once delivery with an idempotent consumer; docs/decisions/0002-learning-from-a-feed.md.
 */
import type { ServiceOptions } from 'service-chassis';
import type { FlightEvent, Landing } from '../flights.js';
import type { ReadFeed } from './feed.js';
import type { Learned, LiveFeatures } from './live-features.js';

const LONGEST_PAUSE_POLLS = 8;

/** What became of the events of a page: how many were learned, known from the history, repeated, or made no sense. */
export type Tally = Record<Learned | 'nonsense', number>;

/** Where reading ended. */
export type Drained =
  { state: 'caught up'; events: Tally } | { state: 'away'; because: string; events: Tally };

export interface FeedFollowerOptions {
  read: ReadFeed;
  /** Who learns now; undefined while there is no model. */
  learner: () => LiveFeatures | undefined;
  onLanding: (landing: Landing) => void;
  onTally: (events: Tally) => void;
  logger: ServiceOptions['logger'];
  /** Milliseconds on a clock that never jumps. */
  now: () => number;
  pause: (ms: number, signal: AbortSignal) => Promise<void>;
  pollMs: number;
}

export interface FeedFollower {
  /** Reads until the end of the feed, or until the board is away. */
  drain(live: LiveFeatures): Promise<Drained>;
  /** Seconds since the end of the feed was seen. */
  lagSeconds(): number;
  stop(): Promise<void>;
}

/** Starts to follow. */
export function followFeed(options: FeedFollowerOptions): FeedFollower {
  const { now, logger } = options;
  const stopping = new AbortController();
  let atEnd = now();
  let awaySince: number | undefined;

  async function drain(live: LiveFeatures): Promise<Drained> {
    const events: Tally = { learned: 0, 'in history': 0, duplicate: 0, nonsense: 0 };
    for (;;) {
      const answer = await options.read(live.cursor, stopping.signal);
      if (answer.state === 'away') return { ...answer, events };
      if (answer.state === 'cursor refused') {
        logger.warn(`feed: ${answer.because} to our cursor; reading from the beginning`);
        live.cursor = undefined;
        continue;
      }
      const { tally, nonsense } = learnPage(live, answer, options.onLanding);
      if (nonsense.length > 0) logger.warn(`feed: left out ${nonsense.length} events, first: ${nonsense[0]}`);
      live.cursor = answer.next;
      options.onTally(tally);
      for (const key of Object.keys(events) as (keyof Tally)[]) events[key] += tally[key];
      if (answer.more) continue;
      atEnd = now();
      return { state: 'caught up', events };
    }
  }

  async function follow(): Promise<void> {
    let pauses = 1;
    while (!stopping.signal.aborted) {
      const live = options.learner();
      const drained = live === undefined ? undefined : await drain(live);
      if (stopping.signal.aborted) return;
      if (drained?.state === 'away') {
        pauses = Math.min(pauses * 2, LONGEST_PAUSE_POLLS);
        if (awaySince === undefined)
          logger.warn(`feed: the board is away (${drained.because}); asking again`);
        awaySince ??= now();
      } else if (drained !== undefined) {
        pauses = 1;
        if (awaySince !== undefined) {
          const seconds = ((now() - awaySince) / 1_000).toFixed(0);
          logger.info(
            `feed: the board is back after ${seconds} s, ${drained.events.learned} events learned since`,
          );
        }
        awaySince = undefined;
      }
      await options.pause(options.pollMs * pauses, stopping.signal);
    }
  }

  const following = follow();
  return {
    drain,
    lagSeconds: () => (now() - atEnd) / 1_000,
    async stop() {
      stopping.abort();
      await following;
    },
  };
}

/** @returns also why events make no sense: those that the page left out, and those that cannot be learned */
function learnPage(
  live: LiveFeatures,
  page: { events: readonly FlightEvent[]; nonsense: readonly string[] },
  onLanding: (landing: Landing) => void,
): { tally: Tally; nonsense: string[] } {
  const nonsense = [...page.nonsense];
  const tally: Tally = { learned: 0, 'in history': 0, duplicate: 0, nonsense: 0 };
  for (const event of page.events) {
    const learned = learnOne(live, event);
    if (typeof learned !== 'string') {
      nonsense.push(learned.because);
      continue;
    }
    tally[learned] += 1;
    if (learned === 'learned' && event.type === 'landed') onLanding(event);
  }
  return { tally: { ...tally, nonsense: nonsense.length }, nonsense };
}

/** Well-formed text may still name no moment, or one that cannot be. */
function learnOne(live: LiveFeatures, event: FlightEvent): Learned | { because: string } {
  try {
    return live.learn(event);
  } catch (error) {
    if (error instanceof RangeError) return { because: error.message };
    throw error;
  }
}
