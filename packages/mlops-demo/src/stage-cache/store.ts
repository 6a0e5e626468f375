/**
 * The stage cache on disk.
 *
 *   MODELS_DIR/stages/<stage>/<key>/{entry.json, value.json, arrays.bin}
 *   MODELS_DIR/stages/runs.json     (which entries the newest runs used)
 *
 * Rule: an entry is written aside and renamed into its place when every byte is on disk. It holds the digest of its value and of itself;
 * one that does not fit is damaged, and a damaged one is as good as none.
 */
import { createHash, randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, open, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { canonicalJson } from 'devops-demo/audit';
import { z } from 'zod';
import { withLock } from 'service-chassis/lock-file';
import { renameDurably, syncFolder, writeDurably } from '../registry/durable/store.js';
import { STAGES } from '../stage-runner.js';
import { bytesOf, pack, unpack } from './codec.js';
import { codeDigests } from './code/store.js';
import type { Loaded, StageCache, StageCodecs, StageEntry } from './stage-cache.js';

const entrySchema = z.object({
  stage: z.enum(STAGES),
  key: z.string(),
  digest: z.string(),
  because: z.string(),
  state: z.string().optional(),
  seconds: z.number(),
});
const fileSchema = z.object({ entry: entrySchema, sha256: z.string() });

export interface StageCacheOptions {
  codecs: StageCodecs;
  /** Told of every entry that this run finds or makes. */
  used: (entry: StageEntry) => void;
}

export function openStageCache(modelsDir: string, { codecs, used }: StageCacheOptions): StageCache {
  const placeOf = (stage: string, key: string): string => join(modelsDir, 'stages', stage, key);
  return {
    codeOf: codeDigests(),
    async find(stage, key) {
      const entry = await readEntry(placeOf(stage, key));
      if (entry === undefined || entry.stage !== stage || entry.key !== key) return undefined;
      used(entry);
      return entry;
    },
    async load(entry) {
      const loaded = await loadValue(placeOf(entry.stage, entry.key), entry);
      const codec = codecs[entry.stage];
      if (codec === undefined || loaded.state === 'damaged') return loaded;
      return { state: 'sound', value: await codec.unpack(loaded.value) };
    },
    async save(entry, value) {
      const place = placeOf(entry.stage, entry.key);
      const draft = join(modelsDir, 'stages', entry.stage, `.${entry.key}.${randomUUID()}`);
      await mkdir(draft, { recursive: true });
      const plain = await (codecs[entry.stage]?.pack(value) ?? value);
      const saved = { ...entry, digest: await writeValue(draft, plain) };
      await writeDurably(join(draft, 'entry.json'), `${JSON.stringify(sealed(saved), null, 2)}\n`);
      await syncFolder(draft);
      await rm(place, { recursive: true, force: true });
      await renameDurably(draft, place);
      used(saved);
      return saved;
    },
    exclusively: (stage, key, work, waiting) => withLock(`${placeOf(stage, key)}.lock`, work, { waiting }),
  };
}

async function readEntry(place: string): Promise<StageEntry | undefined> {
  try {
    const { entry, sha256 } = fileSchema.parse(JSON.parse(await readFile(join(place, 'entry.json'), 'utf8')));
    return sealed(entry).sha256 === sha256 ? entry : undefined;
  } catch {
    return undefined;
  }
}

/** The entry with its own digest: nobody shall read a flipped bit in it as a verdict. */
function sealed(entry: StageEntry): { entry: StageEntry; sha256: string } {
  // Through JSON first: what is hashed is what will be read back.
  const text = canonicalJson(JSON.parse(JSON.stringify(entry)));
  return { entry, sha256: createHash('sha256').update(text).digest('hex') };
}

async function writeValue(folder: string, value: unknown): Promise<string> {
  const { json, arrays } = pack(value);
  const hash = createHash('sha256').update(json);
  await writeDurably(join(folder, 'value.json'), json);
  const file = await open(join(folder, 'arrays.bin'), 'w');
  try {
    for (const part of bytesOf(arrays)) {
      hash.update(part);
      await file.writeFile(part);
    }
    await file.sync();
  } finally {
    await file.close();
  }
  return hash.digest('hex');
}

async function loadValue(place: string, entry: StageEntry): Promise<Loaded> {
  const paths = { json: join(place, 'value.json'), arrays: join(place, 'arrays.bin') };
  for (const path of Object.values(paths)) {
    if (!existsSync(path)) return { state: 'damaged', because: `${path} is missing` };
  }
  const json = await readFile(paths.json, 'utf8');
  const bytes = await readAligned(paths.arrays);
  const digest = createHash('sha256').update(json).update(new Uint8Array(bytes)).digest('hex');
  if (digest !== entry.digest)
    return { state: 'damaged', because: `${place} does not hold what its entry says` };
  return { state: 'sound', value: unpack(json, bytes) };
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
