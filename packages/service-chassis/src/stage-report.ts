/**
 * What a pipeline says about itself: its stages in order, each with a state and a reason in words.
 *
 * All three demos answer in this form, so the control room can draw every pipeline the same way.
 */

/** `waiting`: not reached yet. `skipped`: not needed this time. The rest say what they mean. */
export type StageState = 'waiting' | 'running' | 'passed' | 'failed' | 'skipped';

/** One stage of a pipeline, as it stands now. */
export interface StageReport {
  /** The field's term for the stage, for example `train`. */
  name: string;
  state: StageState;
  /** One sentence: why the stage is in this state, with its numbers. */
  because: string;
  /** The source file of the stage, as a path in this repository. */
  file: string;
  /** How long the stage took, when it has ended. */
  seconds?: number;
}

/** A whole pipeline, as it stands now. */
export interface PipelineReport {
  pipeline: 'devops' | 'mlops' | 'aiops';
  /** ISO 8601 instant of the last change. */
  updatedAt: string;
  stages: StageReport[];
}
