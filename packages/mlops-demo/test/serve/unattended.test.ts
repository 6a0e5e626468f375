/** Retraining from trigger to production inside a server, on the real flights of one hub, without anybody's doing. */
import { expect, it } from 'vitest';
import { chooseBackend } from '../../src/backend.js';
import { countOf, landingAt } from '../../src/data/columns.js';
import { dayNumber, dayOf } from '../../src/flights.js';
import type { FlightEvent } from '../../src/flights.js';
import type { Plan } from '../../src/plan.js';
import { readStages } from '../../src/registry/changes/store.js';
import type { RetrainState } from '../../src/retrain/state.js';
import { trainChallenger } from '../../src/retrain/train/store.js';
import type { ChallengerReport } from '../../src/serve/challenger/challenger-report.js';
import { SDF_PLAN, sdfFlights } from '../sdf.js';
import { board, deploy, emptyRegistry, startServer } from './harness.js';
import { feedEventsOf, randomModel } from './world.js';

/** Ten weeks teach, three weeks examine. The gate is the pipeline's own, less strict: the hub has 118 flights a day. */
const PLAN: Plan = {
  ...SDF_PLAN,
  read: { from: '2001-01-01', through: '2001-03-31', airports: ['SDF'] },
  train: { from: '2001-01-15', through: '2001-03-10' },
  tests: [{ period: 'three weeks', from: '2001-03-11', through: '2001-03-31' }],
  dataThrough: '2001-03-31',
  limits: {
    ...SDF_PLAN.limits,
    leastAuc: 0.7,
    leastSkill: 0,
    mostEce: 1,
    leastSliceSkill: -9,
    leastHourSkill: -9,
    mostSingleMs: 5_000,
  },
};
const PATIENT = { timeout: 60_000, interval: 20 };

it('an old model is replaced: trained, gated, better than the champion, shadow, canary, production', async () => {
  await chooseBackend('wasm');
  const flights = await sdfFlights();
  const modelsDir = await emptyRegistry();
  const landings = Array.from({ length: countOf(flights) }, (_, position) => landingAt(flights, position));
  const on = (day: number) => landings.filter(({ localMinutes }) => dayOf(localMinutes) === day);
  const between = (from: string, through: string) =>
    Array.from({ length: dayNumber(through) - dayNumber(from) + 1 }, (_, at) =>
      on(dayNumber(from) + at),
    ).flat();
  // At a hub a new destination is one flight in twenty: to the monitor those would be broken data.
  const known = new Set(
    between('2001-02-22', '2001-02-28').flatMap((each) => [each.origin, each.destination]),
  );
  const history = between('2001-02-14', '2001-02-28');
  await deploy(modelsDir, randomModel(1), '2001-02-28-aa', history, { dataThrough: '2001-02-28' });
  const happening = await board();
  const server = await startServer(modelsDir, {
    backend: 'wasm',
    flightsApiUrl: happening.url,
    retrains: true,
    retrainTickMs: 20,
    trialLookMs: 10,
    train: (_dataThrough, at) => ({
      ended: trainChallenger({ modelsDir, plan: PLAN, at, onChange: () => undefined }),
      stop: () => undefined,
    }),
  });
  await server.ready();
  const state = async (): Promise<RetrainState> => server.json('/v1/retrain');
  const challenger = async (): Promise<ChallengerReport> => server.json('/v1/challenger');
  const isOver = async (): Promise<boolean> => (await state()).attempts[0]?.outcome !== undefined;

  for (let day = dayNumber('2001-04-01'); !(await isOver()); day++) {
    if (day > dayNumber('2001-06-29')) throw new Error(`no end: ${JSON.stringify(await state())}`);
    const today = on(day).filter(({ origin, destination }) => known.has(origin) && known.has(destination));
    const events: FlightEvent[] = feedEventsOf(today);
    const departures = events.filter(({ type }) => type === 'departed');
    happening.events.push(...departures);
    // Whoever is trained or loaded meanwhile is waited for: these days are short.
    await expect
      .poll(
        async () => (await isOver()) || (await challenger()).state === (await state()).phase.name,
        PATIENT,
      )
      .toBe(true);
    // Taken before anything is asked: with late landings of the day before a step may be taken meanwhile.
    const progress = async (): Promise<string> =>
      JSON.stringify([(await state()).phase, (await challenger()).trial?.landed]);
    const before = await progress();
    const asked = departures.map((event) => ({ ...event, type: undefined }));
    for (let from = 0; from < asked.length; from += 4) await server.predict(asked.slice(from, from + 4));
    happening.events.push(...events.filter(({ type }) => type === 'landed'));
    await expect.poll(async () => (await isOver()) || (await progress()) !== before, PATIENT).toBe(true);
  }

  const [attempt] = (await state()).attempts;
  expect(attempt).toMatchObject({ trigger: 'schedule', outcome: 'promoted' });
  expect(attempt?.steps?.map(({ to }) => to)).toEqual(
    expect.arrayContaining(['training', 'shadow', 'canary', 'promoted']),
  );
  await expect
    .poll(async () => (await server.json<{ version: string }>('/v1/model')).version, PATIENT)
    .toBe(attempt?.version);
  expect(await readStages(modelsDir)).toMatchObject([
    { version: '2001-02-28-aa', stage: 'archived' },
    { version: attempt?.version, stage: 'production', by: 'retrain' },
  ]);
}, 240_000);
