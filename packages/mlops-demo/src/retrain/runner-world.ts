/** What the retrain runner needs of the world around it: the state file, the monitor, the training, the registry, the trial. */
import type { RetrainSituation } from '../retrain.js';
import type { ModelStage } from '../registry/stages.js';
import type { AttemptAction } from './actions.js';
import type { AttemptNews } from './attempt.js';
import type { RetrainState } from './state.js';

export type TrainedNews = AttemptNews & { what: 'trained' };
export type StageAction = AttemptAction & { do: 'stage' };

/** What the trial of a challenger says, once no further window is needed. */
export interface TrialEnd {
  version: string;
  stage: 'shadow' | 'canary';
  kind: 'pass' | 'fail' | 'inconclusive';
  because: string;
}

/** How a version stands. */
export interface Standing {
  /** In the registry; undefined when it has gone. */
  stage: ModelStage | undefined;
  /** Who has given it this stage, and when. */
  by?: string | undefined;
  since?: string | undefined;
  /** Why the server does not load it as the challenger. */
  refusal?: string | undefined;
}

/** Why the registry does not give a stage; by whose decision, where somebody has changed what is in production. */
export interface StageRefusal {
  because: string;
  decidedBy?: string | undefined;
}

export interface RunnerWorld {
  /** Nobody else reads and writes the state meanwhile. */
  exclusively<Result>(work: () => Promise<Result>): Promise<Result>;
  read(): Promise<RetrainState>;
  write(state: RetrainState): Promise<void>;
  /** Undefined while no model serves, or the feed has told nothing. */
  situation(): Omit<RetrainSituation, 'state' | 'request'> | undefined;
  /** Resolves when the training has ended; the runner does not wait for it. */
  train(dataThrough: string): Promise<TrainedNews>;
  /** Answers why the registry refuses, or nothing. */
  stage(action: StageAction, at: string): Promise<StageRefusal | undefined>;
  standing(version: string): Promise<Standing>;
  trialEnd(): TrialEnd | undefined;
  /** Ten windows gave no answer: ten more. */
  tryAgain(): void;
  say(sentence: string): void;
}
