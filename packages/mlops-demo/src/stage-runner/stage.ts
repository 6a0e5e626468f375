/**
 * What a stage is: its name, its work, and what others see of its result.
 *
 * in:  nothing: names and types → out: STAGES in the order in which pipeline.ts calls them
 */
import type { Progress } from '../features/event-pass.js';
import type { Depends, Given, Inputs } from '../stage-cache/key.js';
import type { StageEntry } from '../stage-cache/stage-cache.js';

/** The stages in order. Each stands in the source file of its name. */
export const STAGES = [
  'ingest',
  'validate',
  'version',
  'split',
  'features',
  'train',
  'evaluate',
  'compare',
  'gate',
  'register',
  'deploy',
] as const;
export type StageName = (typeof STAGES)[number];

/** What a stage returns: at least a reason. */
export interface StageResult {
  because: string;
  state?: string;
}

/** What a stage has computed, now or in a run before. The value is read when it is asked for. */
export interface StageOutput<T extends StageResult> extends StageEntry, Given<T> {
  state?: T['state'] | undefined;
  /** The digest of the stage's code. */
  code: string;
}

/** What a stage does. It may put files that are too large for a value into the folder, and name them in its value. */
export type StageWork<D extends Depends, T extends StageResult> = (
  inputs: Inputs<D>,
  progress: Progress,
  folder: string,
) => T | Promise<T>;

/** Runs the stages of one pipeline. */
export interface StageRunner {
  /**
   * Computes something, unless it is known.
   *
   * @param holds whether what a run before has found or done still stands; without it a value once computed holds
   */
  stage: <D extends Depends, T extends StageResult>(
    name: StageName,
    depends: D,
    work: StageWork<D, T>,
    holds?: (value: T) => boolean | Promise<boolean>,
  ) => Promise<StageOutput<T>>;
  /** Acts on the world, always. */
  act: <T extends StageResult>(name: StageName, work: () => Promise<T>) => Promise<T>;
}

/** The output of a stage that has not failed, or undefined. */
export function passed<T extends StageResult>(
  output: StageOutput<T>,
): StageOutput<Exclude<T, { state: 'failed' }>> | undefined {
  return output.state === 'failed' ? undefined : (output as StageOutput<Exclude<T, { state: 'failed' }>>);
}
