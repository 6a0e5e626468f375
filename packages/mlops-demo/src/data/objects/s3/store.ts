/**
 * Keeps objects in a bucket of an S3-compatible store.
 *
 * in:  s3://bucket/prefix and the AWS variables of the environment → out: ObjectStore
 *
 * Rule: one PUT writes one object, whole or not at all: that is S3's own promise. Each request is signed (Signature Version 4) over the digest of
 * its body, so the store refuses bytes that changed on the way. Addresses are in path style (endpoint/bucket/key), which every
 * S3-compatible store understands.
 *
 * When it misleads: there is no lock. Two writers that correct the same days within the seconds of judging a batch leave two versions that
 * follow the same one; that is seen (versions/doubt.ts), not prevented: a conditional PUT would prevent it, but not every S3-compatible store has one.
 * And an object is one request, so it must fit into memory and into S3's limit of 5 GB for one PUT. A month of flights has 2 MB.
 *
 * Source: Amazon S3 API Reference: PutObject, GetObject, ListObjectsV2. Signing by aws4fetch.
 */
import { AwsClient } from 'aws4fetch';
import { createHash } from 'node:crypto';
import { checkedKey } from '../object-store.js';
import type { ObjectStore } from '../object-store.js';

type Environment = Readonly<Record<string, string | undefined>>;

const RETRIES = 4;
const TIMEOUT_MS = 60_000;

/** Opens the bucket. Nothing is asked of it before the first use. */
export function openS3Store(place: string, env: Environment): ObjectStore {
  const { bucket, prefix } = bucketOf(place);
  const region = env['AWS_REGION'] ?? 'us-east-1';
  const endpoint =
    env['AWS_ENDPOINT_URL_S3'] ?? env['AWS_ENDPOINT_URL'] ?? `https://s3.${region}.amazonaws.com`;
  const client = new AwsClient({
    accessKeyId: needed(env, 'AWS_ACCESS_KEY_ID'),
    secretAccessKey: needed(env, 'AWS_SECRET_ACCESS_KEY'),
    ...(env['AWS_SESSION_TOKEN'] === undefined ? {} : { sessionToken: env['AWS_SESSION_TOKEN'] }),
    service: 's3',
    region,
    retries: RETRIES,
  });
  const base = `${endpoint.replace(/\/$/, '')}/${bucket}`;

  async function ask(url: string, init: RequestInit): Promise<Response> {
    try {
      return await client.fetch(url, { ...init, signal: AbortSignal.timeout(TIMEOUT_MS) });
    } catch (error) {
      const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw new Error(`${place}: ${endpoint} does not answer (${reason})`, { cause: error });
    }
  }

  return {
    place,
    async write(key, bytes) {
      const sha256 = createHash('sha256').update(bytes).digest('hex');
      const answer = await ask(`${base}/${prefix}${checkedKey(key)}`, {
        method: 'PUT',
        body: new Uint8Array(bytes),
        headers: { 'x-amz-content-sha256': sha256 },
      });
      if (!answer.ok) throw await refusal(place, `writing ${key}`, answer);
      await answer.arrayBuffer();
    },
    async read(key) {
      const answer = await ask(`${base}/${prefix}${checkedKey(key)}`, { method: 'GET' });
      if (answer.ok) return new Uint8Array(await answer.arrayBuffer());
      const error = await refusal(place, `reading ${key}`, answer);
      if (error.code === 'NoSuchKey') return undefined;
      throw error;
    },
    alone: (work) => work(),
    async keys(begin) {
      const keys: string[] = [];
      let next: string | undefined;
      do {
        const query = new URLSearchParams({ 'list-type': '2', prefix: `${prefix}${begin}` });
        if (next !== undefined) query.set('continuation-token', next);
        const answer = await ask(`${base}?${query.toString()}`, { method: 'GET' });
        if (!answer.ok) throw await refusal(place, `listing ${begin}`, answer);
        const xml = await answer.text();
        keys.push(...textsOf(xml, 'Key').map((key) => key.slice(prefix.length)));
        [next] = textsOf(xml, 'NextContinuationToken');
      } while (next !== undefined);
      return keys.sort();
    },
  };
}

/** `s3://bucket/some/prefix` → bucket, `some/prefix/`. */
function bucketOf(place: string): { bucket: string; prefix: string } {
  const match = /^s3:\/\/([a-z0-9][a-z0-9.-]{2,62})(?:\/(.*?))?\/?$/.exec(place);
  if (match === null)
    throw new Error(
      `${place}: expected s3://BUCKET/PREFIX, the bucket's name of 3 to 63 small letters, digits, dots or hyphens`,
    );
  const prefix = match[2] ?? '';
  return { bucket: match[1]!, prefix: prefix === '' ? '' : `${prefix}/` };
}

function needed(env: Environment, name: string): string {
  const value = env[name];
  if (value === undefined || value === '') throw new Error(`s3://: expected ${name} in the environment`);
  return value;
}

class Refusal extends Error {
  override name = 'Refusal';
  readonly code: string;

  constructor(message: string, code: string) {
    super(message);
    this.code = code;
  }
}

async function refusal(place: string, doing: string, answer: Response): Promise<Refusal> {
  const xml = await answer.text();
  const [code = `status ${answer.status}`] = textsOf(xml, 'Code');
  const [message = answer.statusText] = textsOf(xml, 'Message');
  return new Refusal(`${place}: ${doing} is refused: ${code}, ${message}`, code);
}

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

/** The texts of all elements of this name. */
function textsOf(xml: string, name: string): string[] {
  return [...xml.matchAll(new RegExp(`<${name}>([^<]*)</${name}>`, 'g'))].map(([, text = '']) =>
    text.replace(/&(\w+);/g, (entity, word: string) => ENTITIES[word] ?? entity),
  );
}
