/** The live monitor's days: from questions and landings to a diagnosis, over HTTP, as metrics and as a page. */
import { beforeAll, expect, it } from 'vitest';
import { chooseBackend } from '../../src/backend.js';
import { FEATURE_COUNT } from '../../src/features/names.js';
import { dayNumber, departureOf } from '../../src/flights.js';
import { referenceOf } from '../../src/monitor/reference.js';
import type { MonitorReport } from '../../src/serve/monitor-report.js';
import { MonitorWindows } from '../../src/serve/monitor-windows.js';
import { dayOfFlights } from '../monitor/facts.js';
import { board, deploy, emptyRegistry, startServer } from './harness.js';
import { feedEventsOf, flightsOf, randomModel } from './world.js';

beforeAll(async () => {
  await chooseBackend('cpu');
});

it('a day of questions and landings has a diagnosis, gauges and a page', { timeout: 60_000 }, async () => {
  const modelsDir = await emptyRegistry();
  await deploy(modelsDir, randomModel(3), '2001-01-31-aa', flightsOf('2001-01-17', 15, 150));
  const days = flightsOf('2001-02-01', 2, 600, 7);
  const world = await board();
  const server = await startServer(modelsDir, { flightsApiUrl: world.url });
  await server.ready();
  await expect
    .poll(async () => (await server.json<MonitorReport>('/v1/monitor')).reference, { timeout: 30_000 })
    .toMatchObject({
      from: '2001-01-25',
      through: '2001-01-31',
    });

  // The second day's first flight, 12 h UTC, says that the first day is over.
  const asked = days.slice(0, 601);
  await server.predict(asked.map((flight) => departureOf(flight)));
  const running = await server.json<MonitorReport>('/v1/monitor');
  expect(
    running.windows?.map(({ from, complete, departures }) => [from, complete, departures > 500]),
  ).toEqual([
    ['2001-02-01', true, true],
    ['2001-02-02', false, false],
  ]);
  expect(running.windows?.[0]?.performance.state).toBe('labels not in yet');
  expect(running.windows?.[0]?.inputs.columns.map(({ column }) => column)).toContain('origin');

  world.events.push(...feedEventsOf(days.slice(0, 600)));
  await expect
    .poll(async () => (await server.json<MonitorReport>('/v1/monitor')).windows?.[0]?.performance.landed, {
      timeout: 20_000,
    })
    .toBeGreaterThan(500);

  await expect
    .poll(async () => server.metric('model_server_window_unseen_slots_ratio'), { timeout: 20_000 })
    .toBeGreaterThanOrEqual(0);
  const metrics = await (await server.get('/metrics')).text();
  expect(metrics).toMatch(/model_server_window_feature_drift\{feature="origin",test="[^"]+"\} \d/);
  const page = await server.get('/v1/monitor/report');
  expect(page.headers.get('content-type')).toContain('text/html');
  expect(await page.text()).toContain('2001-01-31-aa');
});

it('before the first model there is a page that says so', async () => {
  const server = await startServer(await emptyRegistry());
  expect(await (await server.get('/v1/monitor/report')).text()).toContain('No model is served yet.');
  expect(await server.json<MonitorReport>('/v1/monitor')).not.toHaveProperty('windows');
});

it('a departure more than a day ahead of the feed moves no clock and pushes out no day', () => {
  let feed: number | undefined;
  const windows = new MonitorWindows(() => feed);
  windows.reference = referenceOf(dayOfFlights({ day: '2001-01-31', departures: 500, seed: 5 }));
  const noonOf = (day: string): number => dayNumber(day) * 1440 + 720;
  const ask = (utcMinutes: number): void => {
    const flight = { origin: 'ATL', destination: 'SAV', utcMinutes, localMinutes: utcMinutes - 300 };
    windows.departed({ ...flight, distanceMiles: 215 }, new Float32Array(FEATURE_COUNT), 0.2);
  };
  ask(noonOf('2002-11-01'));
  feed = noonOf('2001-02-01');
  ask(noonOf('2001-02-01'));
  for (let day = 0; day < 9; day++) ask(noonOf('2002-12-01') + day * 1440);
  expect(windows.newestUtcMinute).toBe(noonOf('2001-02-01'));
  expect(windows.reports().map(({ from, complete }) => [from, complete])).toEqual([['2001-02-01', false]]);
  ask(noonOf('2001-02-02'));
  expect(windows.reports().map(({ from }) => from)).toEqual(['2001-02-01', '2001-02-02']);
});

it('of the days that are due each call judges one anew, the one that was judged longest ago first', () => {
  const windows = new MonitorWindows();
  windows.reference = referenceOf(dayOfFlights({ day: '2001-01-31', departures: 500, seed: 5 }));
  const days = [dayNumber('2001-02-01'), dayNumber('2001-02-02')];
  const ask = (): void => {
    for (const day of days) {
      const minutes = day * 1440 + 720;
      const flight = { origin: 'ATL', destination: 'SAV', utcMinutes: minutes, localMinutes: minutes };
      windows.departed({ ...flight, distanceMiles: 215 }, new Float32Array(FEATURE_COUNT), 0.2);
    }
  };
  const departures = (): number[] => windows.reports().map((report) => report.departures);
  ask();
  expect(departures()).toEqual([1, 1]);
  ask();
  expect(departures()).toEqual([2, 1]);
  ask();
  expect(departures()).toEqual([2, 3]);
  expect(departures()).toEqual([3, 3]);
  expect(departures()).toEqual([3, 3]);
});
