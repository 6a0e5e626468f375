/**
 * The stage cache on disk.
 *
 *   MODELS_DIR/stages/<stage>/<key>/{entry.json, value.json, arrays.bin, and files that the stage wrote}
 *   MODELS_DIR/stages/runs.json     (which entries the newest runs used)
 *
 * Rule: an entry is written aside and renamed into its place when every byte is on disk. It holds the digest of its value and of itself;
 * one that does not fit is damaged, and a damaged one is as good as none. What a run has found or is writing it keeps young (runs/store.ts): a run
 * reads its features until it ends.
 */
import { createHash, randomUUID } from 'node:crypto';
import { utimesSync } from 'node:fs';
import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { canonicalJson } from 'devops-demo/audit';
import { z } from 'zod';
import { withLock } from 'service-chassis/lock-file';
import { renameDurably, syncFolder, writeDurably } from '../registry/durable/store.js';
import { STAGES } from '../stage-runner/stage.js';
import type { StageName } from '../stage-runner/stage.js';
import { codeDigests } from './code/store.js';
import { FEATURES_CODEC } from './features-codec.js';
import type { StageCache, StageCodec, StageEntry } from './stage-cache.js';
import { TRAINED_CODEC } from './trained-codec.js';
import { readValue, writeValue } from './value/store.js';

const entrySchema = z.object({
  stage: z.enum(STAGES),
  key: z.string(),
  digest: z.string(),
  because: z.string(),
  state: z.string().optional(),
  seconds: z.number(),
});
const fileSchema = z.object({ entry: entrySchema, sha256: z.string() });

const CODECS: Partial<Record<StageName, StageCodec>> = { features: FEATURES_CODEC, train: TRAINED_CODEC };

/** @param used told of every entry that this run finds or makes */
export function openStageCache(modelsDir: string, used: (entry: StageEntry) => void): StageCache {
  const placeOf = (stage: string, key: string): string => join(modelsDir, 'stages', stage, key);
  const needed = new Set<string>();
  const keepYoung = (): void => needed.forEach(touchFolder);
  return {
    codeOf: codeDigests(),
    async find(stage, key) {
      const place = placeOf(stage, key);
      const entry = await readEntry(place);
      if (entry === undefined || entry.stage !== stage || entry.key !== key) return undefined;
      needed.add(place);
      touchFolder(place);
      used(entry);
      return entry;
    },
    async load(entry) {
      const place = placeOf(entry.stage, entry.key);
      const loaded = await readValue(place, entry.digest);
      const codec = CODECS[entry.stage];
      if (codec === undefined || loaded.state === 'damaged') return loaded;
      return { state: 'sound', value: await codec.unpack(loaded.value, place) };
    },
    async draft(stage, key) {
      const place = placeOf(stage, key);
      const folder = join(modelsDir, 'stages', stage, `.${key}.${randomUUID()}`);
      await mkdir(folder, { recursive: true });
      await removeDrafts(dirname(folder), `.${key}.`, basename(folder));
      needed.add(folder);
      return {
        folder,
        async save(entry, value) {
          const codec = CODECS[stage];
          const plain = await (codec?.pack(value) ?? value);
          const saved = { ...entry, digest: await writeValue(folder, plain) };
          await writeDurably(join(folder, 'entry.json'), `${JSON.stringify(sealed(saved), null, 2)}\n`);
          await syncFolder(folder);
          await rm(place, { recursive: true, force: true });
          await renameDurably(folder, place);
          needed.delete(folder);
          needed.add(place);
          used(saved);
          return { entry: saved, value: codec === undefined ? value : await codec.unpack(plain, place) };
        },
        async discard() {
          needed.delete(folder);
          await rm(folder, { recursive: true, force: true });
        },
      };
    },
    async exclusively(stage, key, work, waiting) {
      const alone = async (touchLock: () => void) =>
        work(() => {
          touchLock();
          keepYoung();
        });
      return withLock(`${placeOf(stage, key)}.lock`, alone, { waiting });
    },
  };
}

/** The drafts of a key belong to whoever holds its lock: others were left behind by killed runs, and may be large. */
async function removeDrafts(folder: string, start: string, own: string): Promise<void> {
  for (const name of await readdir(folder))
    if (name.startsWith(start) && name !== own)
      await rm(join(folder, name), { recursive: true, force: true });
}

function touchFolder(folder: string): void {
  try {
    utimesSync(folder, new Date(), new Date());
  } catch {
    // Gone: whoever reads it next computes it again.
  }
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
