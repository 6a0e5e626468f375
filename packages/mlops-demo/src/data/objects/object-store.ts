/**
 * Where the bytes of data versions lie: a folder, or a bucket of an S3-compatible store.
 *
 * in:  key 'objects/9f3c….parquet', bytes → out: nothing, or the bytes again
 *
 * Rule: `write` is all or nothing. A reader sees the bytes before or the bytes after, never a half, even when the writer is killed.
 * Two stores, one contract: test/data/object-store.test.ts runs the same facts against both.
 *
 * When it misleads: a store promises to keep bytes, not that they are the right ones. Whoever reads a version checks its digest.
 */
export interface ObjectStore {
  /** For messages: the folder or the URL. */
  readonly place: string;
  write(key: string, bytes: Uint8Array): Promise<void>;
  /** The bytes, or undefined where there are none. */
  read(key: string): Promise<Uint8Array | undefined>;
  /** The keys that begin so, in order. */
  keys(prefix: string): Promise<string[]>;
  /** Does the work while no other writer does theirs; a bucket has no such lock (s3/store.ts). */
  alone<Result>(work: () => Promise<Result>): Promise<Result>;
}

const KEY = /^[a-z]+\/[\w][\w.-]*$/;

/** A key names one thing in one group; it cannot lead out of the store. */
export function checkedKey(key: string): string {
  if (!KEY.test(key)) throw new Error(`checkedKey: expected a key like objects/9f3c.parquet, got '${key}'`);
  return key;
}
