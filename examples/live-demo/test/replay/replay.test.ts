import type { Landing } from 'mlops-demo';
import { createLogger } from 'service-chassis';
import { afterEach, describe, expect, it } from 'vitest';
import { startReplay } from '../../src/replay/replay.js';
import type { Replay, ReplayOptions } from '../../src/replay/replay.js';
import type { EventKey, FlightDays } from '../../src/replay/schedule.js';
import type { PositionStore } from '../../src/replay/store.js';
import { fakeBoard } from './fake-board.js';
import type { FakeBoard } from './fake-board.js';

const startsAt = Date.parse('2001-02-01T12:00:00Z');
const said: string[] = [];
const logger = createLogger({ service: 'replay', stream: { write: (line: string) => said.push(line) } });
let board: FakeBoard;

/** 240 flights in four hours, a tenth of them late. */
const recorded = Array.from({ length: 240 }, (_, index): Landing => {
  const departs = startsAt + index * 60_000;
  const delayMinutes = index % 10 === 0 ? 45 : -3;
  const lands = departs + (30 + 88 + Math.max(delayMinutes, 0)) * 60_000;
  const eastern = (at: number): string => `${new Date(at - 5 * 3_600_000).toISOString().slice(0, 19)}-05:00`;
  return {
    flightId: `f${index}`,
    origin: 'JFK',
    destination: 'ORD',
    departedAt: eastern(departs),
    landedAt: eastern(lands),
    distanceMiles: 740,
    delayMinutes,
  };
});
const days: FlightDays = async (day) =>
  day === '2001-02-01' ? recorded : day < '2001-02-03' ? [] : undefined;

function memoryStore(): PositionStore & { position: EventKey | undefined } {
  return {
    position: undefined,
    async load() {
      return this.position;
    },
    async save(_replay, position) {
      this.position = position;
    },
  };
}

async function replayTo(
  url: string,
  store: PositionStore,
  more: Partial<ReplayOptions> = {},
): Promise<Replay> {
  return startReplay({
    days,
    store,
    boardUrl: url,
    startsAt,
    until: startsAt + 4 * 3_600_000,
    speed: 20_000,
    seed: 1,
    perSecond: 2_000,
    now: () => performance.now(),
    logger,
    onDelivery: () => undefined,
    onAway: () => undefined,
    ...more,
  });
}

afterEach(async () => {
  await board.close();
  said.length = 0;
});

describe('replay', () => {
  it('brings every flight of the range and its outcome to the board, each after its departure', async () => {
    board = await fakeBoard();
    const replay = await replayTo(board.url, memoryStore());
    expect(await replay.ended).toBe('finished');
    expect(board.flights.size).toBe(240);
    expect(board.outcomes.size).toBe(240);
    for (const { flightId } of recorded) {
      expect(board.accepted.indexOf(`departure ${flightId}`)).toBeLessThan(
        board.accepted.indexOf(`outcome ${flightId}`),
      );
    }
    expect(board.flights.get('f0')).toEqual({
      flightId: 'f0',
      origin: 'JFK',
      destination: 'ORD',
      departedAt: '2001-02-01T07:00:00-05:00',
      distanceMiles: 740,
    });
    expect(board.outcomes.get('f0')).toEqual({ delayMinutes: 45, landedAt: '2001-02-01T09:43:00-05:00' });
    expect(replay.status()).toMatchObject({ state: 'finished', flights: 240, outcomes: 240, pending: 0 });
  });

  it('skips nothing while the board is away, and says so', async () => {
    board = await fakeBoard();
    board.fail(40);
    const states = new Set<string>();
    const replay = await replayTo(board.url, memoryStore(), {
      onAway: () => queueMicrotask(() => states.add(`${replay.status().state}: ${replay.status().because}`)),
    });
    await replay.ended;
    expect(board.flights.size).toBe(240);
    expect(board.outcomes.size).toBe(240);
    expect([...states]).toContain(
      'waiting: the board does not take events: it answers 503 ({}). Nothing is skipped.',
    );
    expect(said.join('')).toContain('the board is back');
  });

  it('never has more requests under way than its overlap', async () => {
    board = await fakeBoard(5);
    const replay = await replayTo(board.url, memoryStore(), { speed: 1e6 });
    await replay.ended;
    expect(board.mostAtOnce()).toBeLessThanOrEqual(16);
    expect(board.mostAtOnce()).toBeGreaterThan(1);
  });

  it('behind its clock it catches up at the bounded rate and says so', async () => {
    board = await fakeBoard();
    const startedAt = performance.now();
    const replay = await replayTo(board.url, memoryStore(), {
      speed: 1e6,
      perSecond: 200,
      now: () => performance.now(),
    });
    await expect
      .poll(() => replay.status().because, { timeout: 10_000 })
      .toMatch(/s behind .*: catching up with at most 200 events a second/);
    await replay.ended;
    // 480 events, 10 of them saved up, at 200 a second.
    expect(performance.now() - startedAt).toBeGreaterThan(((480 - 10) / 200) * 1_000 - 50);
  });

  it('goes on where it was stopped, and after a kill from the last saved position, without a gap', async () => {
    board = await fakeBoard();
    const store = memoryStore();
    const first = await replayTo(board.url, store, { speed: 5_000 });
    await expect.poll(() => board.flights.size, { interval: 5 }).toBeGreaterThan(60);
    await first.stop();
    expect(await first.ended).toBe('stopped');
    const stoppedAt = board.flights.size;
    expect(stoppedAt).toBeLessThan(240);

    // Killed: what it saved is older than what the board has.
    const old = store.position;
    const second = await replayTo(board.url, store, { speed: 5_000 });
    await expect.poll(() => board.flights.size, { interval: 5 }).toBeGreaterThan(stoppedAt + 20);
    await second.stop();
    store.position = old;

    const third = await replayTo(board.url, store);
    expect(await third.ended).toBe('finished');
    expect(board.flights.size).toBe(240);
    expect(board.outcomes.size).toBe(240);
    expect(new Set(board.accepted).size).toBe(board.accepted.length);
  });

  it('tells the departure again when the board has forgotten it', async () => {
    board = await fakeBoard();
    const store = memoryStore();
    const first = await replayTo(board.url, store, { speed: 5_000 });
    await expect.poll(() => board.flights.size, { interval: 5 }).toBeGreaterThan(60);
    await first.stop();
    board.flights.clear();
    await (
      await replayTo(board.url, store)
    ).ended;
    for (const id of board.outcomes.keys())
      expect(board.flights.has(id) || board.accepted.includes(`departure ${id}`)).toBe(true);
    expect(said.join('')).not.toContain('refused');
  });
});
