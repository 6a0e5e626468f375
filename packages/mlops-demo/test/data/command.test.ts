/** `mlops data` on the command line: what it says when there is nothing, and to a reader who has seen enough. */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openLocalStore } from '../../src/data/objects/local/store.js';
import { listVersions } from '../../src/data/versions/read.js';
import { fileOf, scratch } from './batches.js';

const BIN = fileURLToPath(new URL('../../bin/mlops.js', import.meta.url));
let folder: string;

beforeAll(async () => {
  folder = await scratch();
});
afterAll(() => rm(folder, { recursive: true }));

function data(...args: string[]) {
  const env = { ...process.env, AWS_ACCESS_KEY_ID: 'a', AWS_SECRET_ACCESS_KEY: 'b' };
  return spawnSync(process.execPath, [BIN, 'data', ...args], { encoding: 'utf8', env });
}

test('verifying a place without versions is no success', () => {
  const nowhere = join(folder, 'nowhere');
  expect(data('verify', '--data', nowhere)).toMatchObject({
    status: 1,
    stdout: '',
    stderr: `mlops data: no version in ${nowhere}: run \`mlops data add\`\n`,
  });
});

test('a bucket’s name that S3 would refuse is refused by its rule', () => {
  expect(data('list', '--data', 's3://b/c')).toMatchObject({
    status: 1,
    stderr:
      "mlops: s3://b/c: expected s3://BUCKET/PREFIX, the bucket's name of 3 to 63 small letters, digits, dots or hyphens\n",
  });
});

test('a reader who leaves after the first line does not stop the work', async () => {
  const file = await fileOf(
    join(folder, 'days.parquet'),
    `SELECT * FROM flight WHERE date < DATE '2001-01-06'`,
  );
  const place = join(folder, 'store');
  const child = spawn(process.execPath, [BIN, 'data', 'add', file, '--by', 'day', '--data', place], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  child.stdout.once('data', () => child.stdout.destroy());
  let complaint = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (complaint += text));
  const [code] = (await once(child, 'exit')) as [number | null];
  expect([code, complaint]).toEqual([0, '']);
  expect((await listVersions(openLocalStore(place))).sound).toHaveLength(5);
});
