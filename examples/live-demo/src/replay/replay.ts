/**
 * Replay: plays the recorded flights against the board.
 *
 * in: days of flights + the position of last time → out: every departure and every outcome on the board, at the right time
 *
 *   recorded days → schedule → (clock, pace) → player → board
 *                                                ↓
 *                                            watermark → position store
 */
import { setMaxListeners } from 'node:events';
import type { createLogger } from 'service-chassis';
import { createBoard } from './board.js';
import { acceleratedClock } from './clock.js';
import { createPace } from './pace.js';
import { createPlayer } from './player.js';
import type { PlayerOptions } from './player.js';
import { schedule } from './schedule.js';
import type { FlightDays } from './schedule.js';
import { replayStatus } from './status.js';
import type { ReplayStatus } from './status.js';
import type { PositionStore } from './store.js';
import { createWatermark } from './watermark.js';

export interface ReplayOptions {
  readonly days: FlightDays;
  readonly store: PositionStore;
  readonly boardUrl: string;
  readonly startsAt: number;
  readonly until: number;
  readonly speed: number;
  readonly seed: number;
  readonly perSecond: number;
  readonly now: () => number;
  readonly logger: ReturnType<typeof createLogger>;
  readonly onDelivery: PlayerOptions['onDelivery'];
  readonly onAway: () => void;
}

export interface Replay {
  status(): ReplayStatus;
  /** Ends when everything is delivered or `stop` was called. */
  readonly ended: Promise<'finished' | 'stopped'>;
  /** Lets deliveries under way end, and saves the position. */
  stop(): Promise<void>;
}

const SAVE_EVERY_MS = 500;

export async function startReplay(options: ReplayOptions): Promise<Replay> {
  const { store, startsAt, until, speed, seed, perSecond, now, logger } = options;
  const position = await store.load({ startsAt, seed });
  const start = position?.at ?? startsAt;
  const facts = {
    simulated: start,
    flights: 0,
    outcomes: 0,
    finished: false,
    away: undefined as string | undefined,
  };
  const stopping = new AbortController();
  // Every delivery that waits listens to it.
  setMaxListeners(0, stopping.signal);

  const events = schedule(options.days, {
    seed,
    from: startsAt,
    until,
    ...(position === undefined ? {} : { after: position }),
  });
  const watermark = createWatermark(position);
  const board = createBoard({
    url: options.boardUrl,
    signal: stopping.signal,
    onAway(because) {
      if (because !== undefined) options.onAway();
      if (because !== undefined && facts.away === undefined) logger.warn(`the board is away: ${because}`);
      if (because === undefined && facts.away !== undefined) logger.info('the board is back');
      facts.away = because;
    },
  });
  const player = createPlayer({
    board,
    clock: acceleratedClock({ start, startedAt: now(), speed }),
    pace: createPace({ perSecond }),
    watermark,
    signal: stopping.signal,
    now,
    onDelivery(event, delivery) {
      facts.simulated = Math.max(facts.simulated, event.at);
      if (delivery.kind === 'stored') facts[event.kind === 'departure' ? 'flights' : 'outcomes'] += 1;
      if (delivery.kind === 'refused') {
        logger.error(`the board refused the ${event.kind} of ${event.flight.flightId}: ${delivery.because}`);
      }
      options.onDelivery(event, delivery);
    },
  });

  let saved = position;
  async function save(): Promise<void> {
    const reached = watermark.position();
    if (reached === undefined || reached === saved) return;
    await store.save({ startsAt, seed }, reached);
    saved = reached;
  }
  const saving = setInterval(() => {
    save().catch((error: unknown) => logger.warn({ error }, 'the position could not be saved yet'));
  }, SAVE_EVERY_MS);

  logger.info(
    `replaying from ${new Date(start).toISOString()} at ${speed} simulated seconds a second` +
      (position === undefined ? '' : ', where the last run ended'),
  );
  const ended = player.play(events).then(async (outcome) => {
    facts.finished = outcome === 'finished';
    clearInterval(saving);
    await save();
    return outcome;
  });
  return {
    ended,
    status: () =>
      replayStatus({ ...facts, speed, perSecond, pending: watermark.pending(), behindMs: player.behindMs() }),
    async stop() {
      stopping.abort();
      await ended;
    },
  };
}
