import { beforeAll, describe, expect, it } from 'vitest';
import { chooseBackend } from '../../src/backend.js';
import { LiveFeatures } from '../../src/serve/live-features.js';
import { seedRandom } from '../../src/seeded-random.js';
import { board, deploy, emptyRegistry, risksOffline, startServer } from './harness.js';
import { feedEventsOf, flightsOf, randomModel } from './world.js';

const HISTORY = flightsOf('2001-01-17', 15, 60);
/** Three days after the history, with more events than a page of the feed holds. */
const EVENTS = feedEventsOf(flightsOf('2001-02-01', 3, 400, 5));
const QUESTIONS = feedEventsOf(flightsOf('2001-02-03', 1, 40, 6))
  .filter(({ type }) => type === 'departed')
  .map(({ flightId, origin, destination, departedAt, distanceMiles }) => ({
    flightId: `asked-${flightId}`,
    origin,
    destination,
    departedAt,
    distanceMiles,
  }));
const OFFLINE = (): number[] => risksOffline(randomModel(1), HISTORY, EVENTS, QUESTIONS);

const close = (risks: number[]): unknown[] => risks.map((risk) => expect.closeTo(risk, 5) as unknown);

beforeAll(async () => {
  await chooseBackend('cpu');
});

async function registryWithModel(): Promise<string> {
  const modelsDir = await emptyRegistry();
  await deploy(modelsDir, randomModel(1), 'm-1', HISTORY);
  return modelsDir;
}

describe('following the feed', () => {
  it('risks after the feed are those that the same events give offline', async () => {
    const { url } = await board(EVENTS);
    const server = await startServer(await registryWithModel(), { flightsApiUrl: url });
    await server.ready();
    expect(EVENTS.length).toBe(2400);
    expect(await server.predict(QUESTIONS)).toEqual(close(OFFLINE()));
    expect(server.lines).toContain('feed: caught up, 2400 events learned, 0 known from the history');
    expect(OFFLINE()).not.toEqual(close(risksOffline(randomModel(1), HISTORY, [], QUESTIONS)));
  });

  it('events are learned as they happen', async () => {
    const happening = await board(EVENTS.slice(0, 1500));
    const server = await startServer(await registryWithModel(), { flightsApiUrl: happening.url });
    await server.ready();
    happening.events.push(...EVENTS.slice(1500));
    await expect
      .poll(async () => server.metric('model_server_feed_events_total{result="learned"}'))
      .toBe(2400);
    expect(await server.predict(QUESTIONS)).toEqual(close(OFFLINE()));
  });

  it('a restarted server stands where it stood', async () => {
    const { url } = await board(EVENTS);
    const modelsDir = await registryWithModel();
    const before = await startServer(modelsDir, { flightsApiUrl: url });
    await before.ready();
    const risks = await before.predict(QUESTIONS);
    await before.close();
    const after = await startServer(modelsDir, { flightsApiUrl: url });
    await after.ready();
    expect(await after.predict(QUESTIONS)).toEqual(risks);
  });

  it('an event that comes twice counts once, and flights of the history count once too', async () => {
    const random = seedRandom(3);
    const twice = EVENTS.flatMap((event) => (random() < 0.3 ? [event, event] : [event]));
    const known = feedEventsOf(HISTORY).slice(-200);
    const { url } = await board([...known, ...twice, ...EVENTS.slice(0, 100)]);
    const server = await startServer(await registryWithModel(), { flightsApiUrl: url });
    await server.ready();
    expect(await server.predict(QUESTIONS)).toEqual(close(OFFLINE()));
    expect(await server.metric('model_server_feed_events_total{result="learned"}')).toBe(2400);
    expect(await server.metric('model_server_feed_events_total{result="in history"}')).toBe(200);
    const repeated = twice.length - EVENTS.length + 100;
    expect(await server.metric('model_server_feed_events_total{result="duplicate"}')).toBe(repeated);
  });

  it('while the board is away the server answers, the lag grows, and nothing is lost', async () => {
    const happening = await board(EVENTS.slice(0, 1500));
    happening.behaviour = 'away';
    const server = await startServer(await registryWithModel(), { flightsApiUrl: happening.url });
    await server.ready();
    expect(await server.predict(QUESTIONS)).toEqual(
      close(risksOffline(randomModel(1), HISTORY, [], QUESTIONS)),
    );
    const lag = async (): Promise<number> => (await server.metric('model_server_feed_lag_seconds')) ?? NaN;
    await expect.poll(lag).toBeGreaterThan(0.2);
    happening.behaviour = 'nonsense';
    const asked = happening.requests;
    await expect.poll(() => happening.requests).toBeGreaterThan(asked + 1);
    happening.events.push(...EVENTS.slice(1500));
    happening.behaviour = 'well';
    await expect
      .poll(async () => server.metric('model_server_feed_events_total{result="learned"}'))
      .toBe(2400);
    await expect.poll(lag).toBeLessThan(0.2);
    expect(await server.predict(QUESTIONS)).toEqual(close(OFFLINE()));
    expect(server.lines.filter((line) => line.startsWith('feed: the board is back'))).toHaveLength(1);
  });

  it('an event that makes no sense is left out and counted; the others are learned', async () => {
    const happening = await board();
    const half = EVENTS.length / 2;
    happening.events.push(
      ...EVENTS.slice(0, half),
      { type: 'departed', flightId: 'X' },
      { ...EVENTS[half], departedAt: 'yesterday' },
      'landed',
      ...EVENTS.slice(half),
    );
    const server = await startServer(await registryWithModel(), { flightsApiUrl: happening.url });
    await server.ready();
    expect(await server.predict(QUESTIONS)).toEqual(close(OFFLINE()));
    expect(await server.metric('model_server_feed_events_total{result="nonsense"}')).toBe(3);
    expect(server.lines.some((line) => line.startsWith('feed: left out 3 events'))).toBe(true);
  });

  it('one wrong date does not set the clock: neither another year nor another month', async () => {
    const half = EVENTS.length / 2;
    const wrong = (departedAt: string) =>
      EVENTS.slice(0, 1).map((event) => ({ ...event, flightId: `W-${departedAt}`, departedAt }));
    const { url } = await board([
      ...EVENTS.slice(0, half),
      ...wrong('2009-12-25T08:00:00-05:00'),
      ...wrong('2002-12-25T08:00:00-05:00'),
      ...EVENTS.slice(half),
    ]);
    const server = await startServer(await registryWithModel(), { flightsApiUrl: url });
    await server.ready();
    expect(await server.predict(QUESTIONS)).toEqual(close(OFFLINE()));
    expect(await server.metric('model_server_feed_events_total{result="nonsense"}')).toBe(2);
    const left = server.lines.filter((line) => line.startsWith('feed: left out'));
    expect(left.join()).toContain('departedAt: expected an instant in 2001 or 2002');
  });

  it('a board that has jumped takes the clock along, once it is no mistake', () => {
    const live = new LiveFeatures({ from: 0, through: 0 });
    const departures = (day: string) =>
      feedEventsOf(flightsOf(day, 1, 30, 5)).filter(({ type }) => type === 'departed');
    for (const event of departures('2001-02-01')) live.learn(event);
    const before = live.newestUtcMinute!;
    const later = departures('2001-05-01');
    for (const event of later.slice(0, 19))
      expect(() => live.learn(event)).toThrow(/a day ahead of the feed$/);
    expect(live.newestUtcMinute).toBe(before);
    for (const event of later.slice(19)) expect(live.learn(event)).toBe('learned');
    expect(live.newestUtcMinute).toBeGreaterThan(before + 80 * 1440);
  });

  it('a board with a new database is read from its beginning', async () => {
    const happening = await board(EVENTS.slice(0, 1500));
    const server = await startServer(await registryWithModel(), { flightsApiUrl: happening.url });
    await server.ready();
    happening.behaviour = 'new database';
    await expect
      .poll(() => server.lines.some((line) => line.includes('reading from the beginning')))
      .toBe(true);
    happening.behaviour = 'well';
    happening.events.push(...EVENTS.slice(1500));
    await expect
      .poll(async () => server.metric('model_server_feed_events_total{result="learned"}'))
      .toBe(2400);
    expect(await server.predict(QUESTIONS)).toEqual(close(OFFLINE()));
  });

  it('a landing labels its prediction, and the check says how good the model is', async () => {
    const happening = await board();
    const server = await startServer(await registryWithModel(), { flightsApiUrl: happening.url });
    await server.ready();
    const departures = EVENTS.filter(({ type }) => type === 'departed');
    const flights = departures.map(({ flightId, origin, destination, departedAt, distanceMiles }) => ({
      flightId,
      origin,
      destination,
      departedAt,
      distanceMiles,
    }));
    await server.predict(flights.slice(0, 600));
    await server.predict(flights.slice(600));
    happening.events.push(...EVENTS, ...EVENTS.slice(-50));
    interface Monitor {
      predictions: number;
      performance: { landed: number; auc: number } | null;
    }
    const landed = async (): Promise<number> =>
      (await server.json<Monitor>('/v1/monitor')).performance?.landed ?? 0;
    await expect.poll(landed).toBe(1200);
    const { predictions, performance } = await server.json<Monitor>('/v1/monitor');
    expect(predictions).toBe(1200);
    // Weights and delays are made up, so the order of the risks is worth nothing.
    expect(performance?.auc).toBeGreaterThan(0.4);
    expect(performance?.auc).toBeLessThan(0.6);
    await expect.poll(async () => server.metric('model_server_live_auc')).toBe(performance?.auc);
    expect(
      server.lines.some((line) => /^drift check: .*PSI .*; AUC 0\.\d+ over the last 1,200/.test(line)),
    ).toBe(true);
  });
});
