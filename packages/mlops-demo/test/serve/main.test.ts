/** The program itself, as the live demo starts it: built, a process of its own, with an IPC channel. */
import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { chooseBackend } from '../../src/backend.js';
import { board, deploy, emptyRegistry } from './harness.js';
import { feedEventsOf, flightsOf, randomModel } from './world.js';

const PROGRAM = fileURLToPath(new URL('../../dist/serve/main.js', import.meta.url));
const FLIGHT = {
  origin: 'ATL',
  destination: 'SDF',
  departedAt: '2001-02-02T08:15:00-05:00',
  distanceMiles: 321,
};

function start(env: Record<string, string>): ChildProcess {
  const child = fork(PROGRAM, {
    env: { ...process.env, PORT: '0', ...env },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  return child;
}

/** The address of the server once it serves a model. */
async function addressOf(child: ChildProcess): Promise<string> {
  let url = '';
  for await (const line of createInterface({ input: child.stdout! })) {
    const { message } = JSON.parse(line) as { message: string };
    if (message.startsWith('listening on ')) url = message.slice('listening on '.length);
    if (message.startsWith('model m-1 serves')) break;
  }
  // Keeps the pipe from filling up.
  child.stdout?.resume();
  return url;
}

async function riskFrom(url: string): Promise<number> {
  const response = await fetch(`${url}/v1/predict`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ flights: [FLIGHT] }),
  });
  const { predictions } = (await response.json()) as { predictions: [{ probability: number }] };
  return predictions[0].probability;
}

// Processes of their own: a busy machine may take long to start them.
vi.setConfig({ testTimeout: 120_000 });

describe('the model server as a process', () => {
  it('killed in the middle of its work, it stands where it stood; and it ends with its parent', async () => {
    await chooseBackend('cpu');
    const modelsDir = await emptyRegistry();
    await deploy(modelsDir, randomModel(1), 'm-1', flightsOf('2001-01-17', 15, 60));
    const { url: boardUrl } = await board(feedEventsOf(flightsOf('2001-02-01', 2, 60, 7)));
    const env = { MODELS_DIR: modelsDir, FLIGHTS_API_URL: boardUrl, TRIOPS_TFJS_BACKEND: 'cpu' };

    const first = start(env);
    const risk = await riskFrom(await addressOf(first));
    first.kill('SIGKILL');
    await once(first, 'exit');

    const second = start(env);
    expect(await riskFrom(await addressOf(second))).toBe(risk);
    second.disconnect();
    expect(await once(second, 'exit')).toEqual([0, null]);
  });

  it('knows named bearers from a file beside the one token of this machine', async () => {
    await chooseBackend('cpu');
    const modelsDir = await emptyRegistry();
    await deploy(modelsDir, randomModel(1), 'm-1', flightsOf('2001-01-17', 15, 60));
    const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
    const file = join(modelsDir, 'tokens.json');
    await writeFile(
      file,
      JSON.stringify([
        { name: 'ada', role: 'operator', sha256: sha256("ada's token") },
        { name: 'eve', role: 'viewer', sha256: sha256("eve's token") },
      ]),
    );
    const child = start({
      MODELS_DIR: modelsDir,
      TRIOPS_TFJS_BACKEND: 'cpu',
      TRIOPS_FAULTS: 'on',
      TRIOPS_TOKENS_FILE: file,
      TRIOPS_TOKEN: 'the token of this machine',
    });
    const url = await addressOf(child);
    const statuses: number[] = [];
    for (const bearer of ["ada's token", "eve's token", 'the token of this machine', 'another token']) {
      const response = await fetch(`${url}/v1/faults`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${bearer}` },
        body: JSON.stringify({ name: 'slow', seconds: 0.1 }),
      });
      statuses.push(response.status);
    }
    expect(statuses).toEqual([201, 403, 201, 401]);
  });

  it('a wrong setting is named, and the exit code is 2', async () => {
    const child = start({ FLIGHTS_API_URL: 'the board' });
    let errors = '';
    child.stderr?.on('data', (chunk: Buffer) => (errors += chunk.toString()));
    expect(await once(child, 'close')).toEqual([2, null]);
    expect(errors).toContain('FLIGHTS_API_URL');
  });
});
