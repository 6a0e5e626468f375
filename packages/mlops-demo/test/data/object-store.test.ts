/** One contract, two stores: a folder, and a real S3 server that checks signatures. */
import S3rver from '@20minutes/s3rver';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openObjectStore } from '../../src/data/objects/open.js';
import type { ObjectStore } from '../../src/data/objects/object-store.js';
import { objectKey } from '../../src/data/versions/manifest.js';
import { listVersions, readVersion, verifyVersions } from '../../src/data/versions/read.js';
import { addVersions } from '../../src/data/versions/store.js';
import type { AddRequest } from '../../src/data/versions/store.js';
import { readAirports } from '../../src/vega-datasets/store.js';
import { RECORDED, scratch } from './batches.js';

const BIN = fileURLToPath(new URL('../../bin/mlops.js', import.meta.url));
const WEEK: AddRequest = {
  file: RECORDED,
  by: 'day',
  from: '2001-02-01',
  through: '2001-02-03',
  airports: ['SDF'],
};
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
let folder: string;
let server: S3rver;
let env: Record<string, string>;

beforeAll(async () => {
  folder = await scratch();
  server = new S3rver({
    port: 0,
    address: '127.0.0.1',
    silent: true,
    directory: join(folder, 's3'),
    configureBuckets: [{ name: 'flights' }],
  });
  const { port } = await server.run();
  // The names and the secret that this server knows.
  env = {
    AWS_ENDPOINT_URL: `http://127.0.0.1:${port}`,
    AWS_ACCESS_KEY_ID: 'S3RVER',
    AWS_SECRET_ACCESS_KEY: 'S3RVER',
  };
});
afterAll(async () => {
  await server.close();
  await rm(folder, { recursive: true });
});

describe.each<[string, (name: string) => string]>([
  ['a folder', (name) => join(folder, name)],
  ['a bucket', (name) => `s3://flights/${name}`],
])('%s', (_kind, placeOf) => {
  const open = (name: string): ObjectStore => openObjectStore(placeOf(name), env);

  test('gives back the bytes it was given, whatever they are', async () => {
    const store = open('bytes');
    const every = Uint8Array.from({ length: 70_000 }, (_, i) => i % 256);
    await store.write('objects/every', every);
    await store.write('objects/none', new Uint8Array());
    expect([...((await store.read('objects/every')) ?? [])]).toEqual([...every]);
    expect(await store.read('objects/none')).toHaveLength(0);
  });

  test('has nothing where nothing was written', async () => {
    expect(await open('empty').read('objects/nothing')).toBeUndefined();
    expect(await open('empty').keys('objects/')).toEqual([]);
  });

  test('lists what begins so, in order, and nothing of another group or another place', async () => {
    const store = open('listed');
    for (const key of ['versions/b.json', 'versions/a.json', 'versions/ab.json', 'objects/a']) {
      await store.write(key, bytes(key));
    }
    await open('listed-too').write('versions/c.json', bytes('c'));
    expect(await store.keys('versions/')).toEqual(['versions/a.json', 'versions/ab.json', 'versions/b.json']);
    expect(await store.keys('versions/a')).toEqual(['versions/a.json', 'versions/ab.json']);
  });

  test('has the new bytes after writing again', async () => {
    const store = open('again');
    await store.write('objects/a', bytes('old'));
    await store.write('objects/a', bytes('new'));
    expect(new TextDecoder().decode(await store.read('objects/a'))).toBe('new');
  });

  test.each(['../secret', 'objects/../../secret', '/etc/passwd', 'objects/', 'objects/a/b'])(
    'does not know a key like %s',
    async (key) => {
      await expect(open('keys').write(key, bytes('x'))).rejects.toThrow('expected a key like');
      await expect(open('keys').read(key)).rejects.toThrow('expected a key like');
    },
  );

  test('keeps versions: added, found by their day, whole; added again, unchanged; damaged, refused', async () => {
    const store = open('versions');
    const airports = readAirports();
    const states: string[] = [];
    for (const _ of [1, 2]) {
      for await (const { state } of addVersions(store, WEEK, airports)) states.push(state);
    }
    expect(states).toEqual(['added', 'added', 'added', 'already there', 'already there', 'already there']);
    const versions = (await listVersions(store)).sound;
    expect(versions.map(({ manifest }) => manifest.from)).toEqual(['2001-02-01', '2001-02-02', '2001-02-03']);
    const friday = await readVersion(store, '2001-02-02');
    if (friday.state === 'refused') throw new Error(friday.because);
    const damaged = Buffer.from(friday.bytes);
    damaged.writeUInt8(damaged.readUInt8(100) ^ 1, 100);
    await store.write(objectKey(friday.manifest.object.sha256), damaged);
    const found = [];
    for await (const { state } of verifyVersions(store)) found.push(state);
    expect(found).toEqual(['sound', 'refused', 'sound']);
    expect(await readVersion(store, '2001-02-02')).toHaveProperty(
      'because',
      expect.stringContaining('are damaged'),
    );
  });
});

/** A server of our own where the real one cannot play along; it answers and keeps what it was asked. */
async function answering(
  answer: (asked: URL, count: number) => { status: number; body: string },
  use: (store: ObjectStore) => Promise<void>,
): Promise<URL[]> {
  const asked: URL[] = [];
  const http = createServer((request, response) => {
    request.resume();
    asked.push(new URL(request.url ?? '', 'http://s3'));
    const { status, body } = answer(asked.at(-1)!, asked.length);
    response.writeHead(status).end(body);
  });
  http.listen(0, '127.0.0.1');
  await once(http, 'listening');
  const { port } = http.address() as AddressInfo;
  try {
    await use(openObjectStore('s3://flights/x', { ...env, AWS_ENDPOINT_URL: `http://127.0.0.1:${port}` }));
  } finally {
    http.closeAllConnections();
    http.close();
  }
  return asked;
}

// The S3 server of the tests enciphers its tokens with DES, which OpenSSL 3 no longer has.
test('a bucket of more objects than one answer lists is listed to its end', async () => {
  const token = '1ueGcxLPRx1Tr/XYExHnhbYLgveDs2J/wm36Hy4vbOwM=';
  const page = (keys: string[], next: string): string =>
    `<?xml version="1.0" encoding="UTF-8"?><ListBucketResult><Prefix>x/objects/</Prefix><IsTruncated>${next !== ''}</IsTruncated>${next}${keys.map((key) => `<Contents><Key>${key}</Key><Size>1</Size></Contents>`).join('')}</ListBucketResult>`;
  const asked = await answering(
    (url) =>
      url.searchParams.get('continuation-token') === token
        ? { status: 200, body: page(['x/objects/c'], '') }
        : {
            status: 200,
            body: page(
              ['x/objects/a', 'x/objects/b'],
              `<NextContinuationToken>${token}</NextContinuationToken>`,
            ),
          },
    async (store) => expect(await store.keys('objects/')).toEqual(['objects/a', 'objects/b', 'objects/c']),
  );
  expect(asked.map((url) => [url.searchParams.get('prefix'), url.searchParams.get('list-type')])).toEqual([
    ['x/objects/', '2'],
    ['x/objects/', '2'],
  ]);
});

test('a store that is busy is asked again', async () => {
  const asked = await answering(
    (_url, count) =>
      count < 3 ? { status: 503, body: '<Code>SlowDown</Code>' } : { status: 200, body: 'here' },
    async (store) => expect(new TextDecoder().decode(await store.read('objects/a'))).toBe('here'),
  );
  expect(asked).toHaveLength(3);
});

describe('a bucket that cannot be used', () => {
  test.each<[string, string, Record<string, string>, RegExp]>([
    [
      'with a wrong secret',
      's3://flights/x',
      { AWS_SECRET_ACCESS_KEY: 'wrong' },
      /reading objects\/a is refused: SignatureDoesNotMatch/,
    ],
    ['that does not exist', 's3://nowhere/x', {}, /reading objects\/a is refused: NoSuchBucket/],
    ['where nobody listens', 's3://flights/x', { AWS_ENDPOINT_URL: 'http://127.0.0.1:9' }, /does not answer/],
  ])('(%s) says why', async (_name, place, change, reason) => {
    await expect(openObjectStore(place, { ...env, ...change }).read('objects/a')).rejects.toThrow(reason);
  });

  test('is not opened without credentials, nor under an address of another kind', () => {
    expect(() => openObjectStore('s3://flights/x', {})).toThrow(
      'expected AWS_ACCESS_KEY_ID in the environment',
    );
    expect(() => openObjectStore('s3://', env)).toThrow('expected s3://BUCKET/PREFIX');
    expect(() => openObjectStore('gs://flights', env)).toThrow(
      "expected a folder or s3://BUCKET/PREFIX for the data versions, got 'gs://flights'",
    );
  });
});

test('`mlops data` works on a bucket by its URL', async () => {
  const words = [
    'data',
    'add',
    '--by',
    'day',
    '--from',
    '2001-02-01',
    '--through',
    '2001-02-02',
    '--airports',
    'SDF',
  ];
  const run = spawn(process.execPath, [BIN, ...words, '--data', 's3://flights/cli'], {
    env: { ...process.env, ...env },
  });
  let text = '';
  run.stdout.on('data', (chunk) => (text += String(chunk)));
  await once(run, 'close');
  expect(run.exitCode).toBe(0);
  expect(text).toMatch(/^\+ added {2}flights-sdf-2001-02-01-[0-9a-f]{12} {2}\d+ rows\n\+ added/);
  expect((await listVersions(openObjectStore('s3://flights/cli', env))).sound).toHaveLength(2);
});
