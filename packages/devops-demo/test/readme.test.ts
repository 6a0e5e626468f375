import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { broken, startFakeModelServer, wellBehaved } from './fake-model-server.js';
import { PACKAGE_DIR, startBoard } from './harness.js';

/** A curl command as README.md writes them. */
const CURL = /^\$ curl -s (?:-X (PUT) )?'?localhost:8081([^' ]+)'?(?: --json '([^']+)')?(?: # (.+))?$/;

interface Example {
  method: string;
  path: string;
  body: string | undefined;
  modelIsBroken: boolean;
  answer: unknown;
}

function examples(): Example[] {
  const readme = readFileSync(join(PACKAGE_DIR, 'README.md'), 'utf8');
  const blocks = [...readme.matchAll(/```console\n(\$ curl [^\n]+)\n(.+?)```/gs)];
  return blocks.map(([, command = '', answer = '']) => {
    const understood = CURL.exec(command);
    if (understood === null) throw new Error(`readme.test: expected a curl command, got ${command}`);
    const [, method, path = '', body, note] = understood;
    return {
      method: method ?? (body === undefined ? 'GET' : 'POST'),
      path,
      body,
      modelIsBroken: note === 'model server: 500',
      answer: JSON.parse(answer) as unknown,
    };
  });
}

/** The README writes "…" for what differs from run to run. */
function withoutChance(answer: unknown, told: unknown): unknown {
  if (typeof answer !== 'object' || answer === null || typeof told !== 'object' || told === null)
    return answer;
  const marked = Object.entries(told).filter(([, value]) => value === '…');
  return { ...answer, ...Object.fromEntries(marked) };
}

it('the answers in the README are the answers that are given', async () => {
  const model = await startFakeModelServer();
  const board = await startBoard({ modelServerUrl: model.url });
  const all = examples();
  const countedWhatItWrote = async () => {
    const { rows } = await board.pool.query<{ landed: number }>(
      'select count(landed_at)::int as landed from flights',
    );
    const { landed } = rows[0] ?? { landed: 0 };
    await expect.poll(async () => (await board.get('/v1/stats')).body['landed']).toBe(landed);
  };
  expect(all).toHaveLength(5);
  for (const { method, path, body, modelIsBroken, answer: told } of all) {
    model.behave(modelIsBroken ? broken : wellBehaved);
    await countedWhatItWrote();
    // Polled: transactions of other tests on the same server hold back the feed. Writes are idempotent.
    await expect
      .poll(async () => {
        const given = method === 'GET' ? await board.get(path) : await board.send(method, path, body ?? '');
        return withoutChance(given.body, told);
      })
      .toEqual(told);
  }
  await board.close();
  await model.close();
});
