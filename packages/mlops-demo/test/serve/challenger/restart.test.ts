/** A trial in a process of its own that is killed: the next process goes on with it, or says why it does not. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { expect, it, onTestFinished } from 'vitest';
import { chooseBackend } from '../../../src/backend.js';
import { registerModel, transition } from '../../../src/registry/changes/store.js';
import type { ChallengerReport } from '../../../src/serve/challenger/challenger-report.js';
import type { TrialRecord } from '../../../src/serve/challenger/trial-record.js';
import { board, deploy, emptyRegistry } from '../harness.js';
import { artifactOf, feedEventsOf, flightsOf, randomModel } from '../world.js';

const PROGRAM = fileURLToPath(new URL('../../../dist/serve/main.js', import.meta.url));
const HISTORY = flightsOf('2001-01-17', 15, 60);
const EVENTS = feedEventsOf(flightsOf('2001-02-01', 1, 300, 5));
const DEPARTURES = EVENTS.filter(({ type }) => type === 'departed');
const LANDINGS = EVENTS.filter(({ type }) => type === 'landed');
/** A process starts in seconds on a machine that does much else. */
const PATIENT = { timeout: 30_000, interval: 100 };

it('killed, it goes on with its pairs, and hears what has landed meanwhile; a damaged file is refused with a word', async () => {
  await chooseBackend('cpu');
  const modelsDir = await emptyRegistry();
  await deploy(modelsDir, randomModel(1), 'm-1', HISTORY);
  await registerModel(modelsDir, await artifactOf(randomModel(2), 'm-2', HISTORY));
  const wish = {
    version: 'm-2',
    to: 'shadow',
    by: 'person:ada',
    because: 'a test',
    at: '2001-02-01T12:00:00Z',
  } as const;
  await transition(modelsDir, wish);
  const happening = await board();
  const file = join(modelsDir, 'trial.json');
  const saved = async () =>
    JSON.parse(await readFile(file, 'utf8').catch(() => 'null')) as TrialRecord | null;

  const first = await start(modelsDir, happening.url);
  await expect.poll(async () => (await first.report()).state, PATIENT).toBe('shadow');
  for (let from = 0; from < DEPARTURES.length; from += 60)
    await first.predict(DEPARTURES.slice(from, from + 60));
  happening.events.push(...DEPARTURES, ...LANDINGS.slice(0, 150));
  await expect.poll(async () => (await saved())?.losses, PATIENT).toMatchObject({ landed: 150 });
  await first.kill();

  happening.events.push(...LANDINGS.slice(150, 200));
  const second = await start(modelsDir, happening.url);
  await expect.poll(async () => (await second.report()).trial?.landed, PATIENT).toBe(200);
  expect(second.said('the trial of m-2 goes on where it was: 0 windows, 150 landed flights')).toBe(true);
  happening.events.push(...LANDINGS.slice(200));
  await expect.poll(async () => (await second.report()).trial?.landed, PATIENT).toBe(300);
  await second.kill();

  await writeFile(file, (await readFile(file, 'utf8')).slice(0, 1_000));
  const third = await start(modelsDir, happening.url);
  await expect.poll(async () => (await third.report()).state, PATIENT).toBe('shadow');
  expect(third.said('which starts anew: it is damaged: ')).toBe(true);
  expect((await third.report()).trial).toMatchObject({ landed: 0, windows: 0 });
  await third.kill();
}, 120_000);

/** A server that serves m-1. */
async function start(modelsDir: string, boardUrl: string) {
  const env = { MODELS_DIR: modelsDir, FLIGHTS_API_URL: boardUrl, TRIOPS_TFJS_BACKEND: 'cpu', PORT: '0' };
  const child = fork(PROGRAM, { env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe', 'ipc'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  const lines: string[] = [];
  createInterface({ input: child.stdout! }).on('line', (line) => {
    lines.push((JSON.parse(line) as { message: string }).message);
  });
  await expect.poll(() => lines.some((line) => line.startsWith('model m-1 serves')), PATIENT).toBe(true);
  const url = lines.find((line) => line.startsWith('listening on '))!.slice('listening on '.length);
  return {
    said: (part: string) => lines.some((line) => line.includes(part)),
    report: async () => (await fetch(`${url}/v1/challenger`)).json() as Promise<ChallengerReport>,
    async predict(flights: readonly object[]) {
      const body = JSON.stringify({ flights: flights.map((flight) => ({ ...flight, type: undefined })) });
      const headers = { 'content-type': 'application/json' };
      const response = await fetch(`${url}/v1/predict`, { method: 'POST', headers, body });
      expect(response.status).toBe(200);
    },
    async kill() {
      child.kill('SIGKILL');
      await once(child, 'exit');
    },
  };
}
