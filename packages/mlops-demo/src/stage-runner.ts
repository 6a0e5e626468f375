/**
 * Runs the stages of a pipeline, each one only when something it depends on has changed, and keeps the report that says how far it is.
 *
 * in:  stage('train', { features, epochs: 6 }, ({ features, epochs }, progress) => train(…))
 * out: a StageOutput, whose value is read when somebody asks for it; beside it the PipelineReport changes: waiting → running (with a
 *      percentage) → passed or failed
 *
 * Rule: a stage gets what it says it depends on, and nothing else; the key of its cache entry is made of the same (stage-cache/key.ts). A
 * stage's own `because` is the report's, with `cached: ` before it where nothing ran. A stage whose result has the state `failed` ends
 * the run; the ones behind it are skipped.
 */
import type { StageState } from 'service-chassis';
import type { Progress } from './features/event-pass.js';
import { keyOf, valuesOf } from './stage-cache/key.js';
import type { Depends } from './stage-cache/key.js';
import type { StageCache, StageEntry } from './stage-cache/stage-cache.js';
import { createRunReport } from './stage-runner/run-report.js';
import type { StageChange, Tell } from './stage-runner/run-report.js';
import type { StageName, StageOutput, StageResult, StageRunner, StageWork } from './stage-runner/stage.js';

export interface StageRunnerOptions {
  /** In milliseconds. */
  now: () => number;
  cache: StageCache;
  onChange: (change: StageChange) => void;
}

const REPORT_EVERY_MS = 200;

/** Stages that tell `onChange` about themselves. */
export function createStageRunner({ now, cache, onChange }: StageRunnerOptions): StageRunner {
  const tellerOf = createRunReport(now, onChange);

  async function stage<D extends Depends, T extends StageResult>(
    name: StageName,
    depends: D,
    work: StageWork<D, T>,
    holds?: (value: T) => boolean | Promise<boolean>,
  ): Promise<StageOutput<T>> {
    const tell = tellerOf(name);
    const code = cache.codeOf(name);
    const key = keyOf(name, code, depends);

    async function recall(): Promise<StageOutput<T> | undefined> {
      const entry = await cache.find(name, key);
      if (entry === undefined) return undefined;
      if (holds !== undefined) {
        const loaded = await cache.load(entry);
        if (loaded.state === 'damaged' || !(await holds(loaded.value as T))) return undefined;
      }
      tell(verdictOf(entry), `cached: ${entry.because}`);
      return outputOf(entry);
    }

    async function compute(touch: () => void): Promise<StageOutput<T>> {
      const startedMs = now();
      tell('running', 'started');
      const inputs = await valuesOf(depends);
      const draft = await cache.draft(name, key);
      try {
        const value = await work(inputs, throttled(now, tell, touch), draft.folder);
        const { because, state } = value;
        const seconds = (now() - startedMs) / 1000;
        const saved = await draft.save({ stage: name, key, because, state, seconds }, value);
        tell(verdictOf(saved.entry), because);
        return outputOf(saved.entry, saved.value as T);
      } catch (error) {
        await draft.discard();
        throw error;
      }
    }

    /** For one run at a time. */
    async function alone(work: (touch: () => void) => Promise<StageOutput<T>>): Promise<StageOutput<T>> {
      return cache.exclusively(name, key, work, (owner) => {
        tell('running', `waits for ${owner}, which computes the same`);
      });
    }

    async function read(entry: StageEntry): Promise<T> {
      const loaded = await cache.load(entry);
      if (loaded.state === 'sound') return loaded.value as T;
      const again = await alone(compute);
      if (again.digest === entry.digest) return again.value();
      // What the stages behind it have found is about the value that is lost.
      throw new Error(`${name}: its cache entry was damaged, and another value was computed: run again`);
    }

    /** The value is held as long as somebody uses it: 3,000,000 flights that no later stage asks for need not stay. */
    function outputOf(entry: StageEntry, computed?: T): StageOutput<T> {
      let held = computed && new WeakRef(computed);
      let reading: Promise<T> | undefined;
      const state = entry.state as T['state'];
      async function value(): Promise<T> {
        const known = held?.deref();
        if (known !== undefined) return known;
        const loaded = await (reading ??= read(entry));
        reading = undefined;
        held = new WeakRef(loaded);
        return loaded;
      }
      return { ...entry, state, code, value };
    }

    return (await recall()) ?? alone(async (touch) => (await recall()) ?? compute(touch));
  }

  return {
    stage: (name, ...rest) => telling(tellerOf(name), async () => stage(name, ...rest)),
    act: (name, work) => {
      const tell = tellerOf(name);
      return telling(tell, async () => {
        tell('running', 'started');
        const result = await work();
        tell(verdictOf(result), result.because);
        return result;
      });
    },
  };
}

/** An error is the failed stage's reason, too. */
async function telling<T>(tell: Tell, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    tell('failed', error instanceof Error ? error.message : String(error));
    throw error;
  }
}

/** Progress that is told a few times a second, however often work reports it. */
function throttled(now: () => number, tell: Tell, touch: () => void): Progress {
  let toldMs = now();
  return (done, total) => {
    if (now() - toldMs < REPORT_EVERY_MS) return;
    toldMs = now();
    touch();
    tell('running', `${Math.floor((done / total) * 100)} % done`, { done, total });
  };
}

function verdictOf({ state }: { state?: string | undefined }): StageState {
  return state === 'failed' ? 'failed' : 'passed';
}
