/**
 * The value of an entry on disk: JSON, its arrays, and files that the stage wrote beside them.
 *
 * in:  a folder, perhaps with files in it, a value → out: the SHA-256 of all its bytes; and from folder and digest the value
 *
 * Rule: files count by name and content. A value that does not have the digest that its entry says is damaged, whichever part it is.
 */
import { createHash } from 'node:crypto';
import type { Hash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { writeDurably } from '../../registry/durable/store.js';
import { bytesOf, pack, unpack } from '../codec.js';
import type { Loaded } from '../stage-cache.js';

const JSON_FILE = 'value.json';
const ARRAYS_FILE = 'arrays.bin';
const OWN_FILES = ['entry.json', JSON_FILE, ARRAYS_FILE];

/** Writes the value beside the stage's own files; answers the digest of all. */
export async function writeValue(folder: string, value: unknown): Promise<string> {
  const { json, arrays } = pack(value);
  const hash = createHash('sha256').update(json);
  await writeDurably(join(folder, JSON_FILE), json);
  const file = await open(join(folder, ARRAYS_FILE), 'w');
  try {
    for (const part of bytesOf(arrays)) {
      hash.update(part);
      await file.writeFile(part);
    }
    await file.sync();
  } finally {
    await file.close();
  }
  await updateWithFiles(hash, folder, syncFile);
  return hash.digest('hex');
}

export async function readValue(folder: string, digest: string): Promise<Loaded> {
  try {
    const json = await readFile(join(folder, JSON_FILE), 'utf8');
    const bytes = await readAligned(join(folder, ARRAYS_FILE));
    const hash = createHash('sha256').update(json).update(new Uint8Array(bytes));
    await updateWithFiles(hash, folder);
    if (hash.digest('hex') === digest) return { state: 'sound', value: unpack(json, bytes) };
    return { state: 'damaged', because: `${folder} does not hold what its entry says` };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    return { state: 'damaged', because: `${folder} lacks a file` };
  }
}

/** A stretch at a time: rows are on disk because they are many. */
async function updateWithFiles(
  hash: Hash,
  folder: string,
  first: (path: string) => Promise<void> = () => Promise.resolve(),
): Promise<void> {
  const names = (await readdir(folder)).filter((name) => !OWN_FILES.includes(name)).sort();
  for (const name of names) {
    const path = join(folder, name);
    await first(path);
    hash.update(name);
    for await (const part of createReadStream(path, { highWaterMark: 1 << 20 })) hash.update(part as Buffer);
  }
}

async function syncFile(path: string): Promise<void> {
  const file = await open(path, 'r+');
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}

/** A Buffer may start anywhere in a shared piece of memory; arrays of four bytes may not. */
async function readAligned(path: string): Promise<ArrayBuffer> {
  const bytes = new ArrayBuffer((await stat(path)).size);
  const file = await open(path, 'r');
  try {
    for (let at = 0; at < bytes.byteLength;) {
      const { bytesRead } = await file.read(new Uint8Array(bytes, at));
      if (bytesRead === 0) break;
      at += bytesRead;
    }
  } finally {
    await file.close();
  }
  return bytes;
}
