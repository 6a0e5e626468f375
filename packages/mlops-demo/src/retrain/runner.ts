/**
 * Retrain runner: carries one attempt at a time through, unattended, and goes on after a crash where it was.
 *
 * in:  ticks; RunnerWorld (the state file, the monitor, the training, the registry, the trial of the challenger)
 * out: the world as the state says, and a sentence for every step
 *
 * Rule: state first, actions second. What was not carried out (the process was killed, the disk was full) is carried out again at the next
 * tick: training is cached and gives the same version, and a stage that is reached already stays. Where the registry says another stage
 * than the attempt has given, somebody has decided: the attempt ends and the stage is left alone. Ticks never overlap.
 *
 * When it misleads: in shadow the trial says whether the challenger is as good as the champion where labels have come in; that it is better
 * was shown before, on the days that examined both.
 */
import { decideRetraining } from '../retrain.js';
import type { RetrainDecision, RetrainSituation } from '../retrain.js';
import type { ModelStage } from '../registry/stages.js';
import { actionsOf, nextStep, settle } from './attempt.js';
import type { AttemptAction, AttemptNews } from './attempt.js';
import type { RetrainState } from './state.js';

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
  /** Who has given it this stage. */
  by?: string | undefined;
  /** Why the server does not load it as the challenger. */
  refusal?: string | undefined;
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
  stage(action: StageAction, at: string): Promise<string | undefined>;
  standing(version: string): Promise<Standing>;
  trialEnd(): TrialEnd | undefined;
  /** Ten windows gave no answer: ten more. */
  tryAgain(): void;
  say(sentence: string): void;
}

type TrainedNews = AttemptNews & { what: 'trained' };
type StageAction = AttemptAction & { do: 'stage' };

interface Training {
  since: string;
  ended?: TrainedNews;
}

/** Where an attempt leaves its version before each stage; every other stage is somebody's decision. */
const STAGES_BEFORE: Record<StageAction['to'], readonly ModelStage[]> = {
  shadow: ['candidate', 'shadow', 'canary'],
  canary: ['shadow', 'canary'],
  production: ['canary', 'production'],
  archived: ['candidate', 'shadow', 'canary', 'archived'],
};

export class RetrainRunner {
  readonly #world: RunnerWorld;
  #training: Training | undefined;
  /** The state has been written, its actions have not been carried out, as far as this process knows. */
  #unfinished = true;
  #busy = false;
  #decision: RetrainDecision = { state: 'wait', because: 'nothing has been looked at yet' };

  constructor(world: RunnerWorld) {
    this.#world = world;
  }

  /** What was decided last. */
  get decision(): RetrainDecision {
    return this.#decision;
  }

  /** Looks, decides, and takes at most one step. */
  async tick(request?: RetrainSituation['request']): Promise<RetrainDecision> {
    if (this.#busy) return { state: 'wait', because: 'another look is under way' };
    this.#busy = true;
    try {
      return (this.#decision = await this.#world.exclusively(async () => this.#look(request)));
    } finally {
      this.#busy = false;
    }
  }

  async #look(request: RetrainSituation['request']): Promise<RetrainDecision> {
    const world = this.#world;
    const situation = world.situation();
    if (situation === undefined) return { state: 'wait', because: 'no model is being watched yet' };
    const { now } = situation;
    if (this.#unfinished) await this.#carryOut(await world.read(), now);
    const state = await world.read();
    if (state.phase.name === 'training' && this.#training?.since !== state.phase.since)
      await this.#carryOut(state, now);
    const news = await this.#newsOf(state);
    if (news !== undefined) await this.#step(state, news, now);
    const decision = decideRetraining({ ...situation, state, ...(request === undefined ? {} : { request }) });
    if (decision.state === 'retrain' && news === undefined) {
      const { trigger, because } = decision;
      await this.#step(state, { what: 'started', trigger, because, dataThrough: dayBefore(now) }, now);
    }
    return decision;
  }

  async #newsOf({ phase }: RetrainState): Promise<AttemptNews | undefined> {
    if (phase.name === 'idle') return undefined;
    if (phase.name === 'training') {
      const { ended } = this.#training ?? {};
      if (ended !== undefined) this.#training = undefined;
      return ended;
    }
    const { stage, refusal } = await this.#world.standing(phase.version);
    if (stage !== phase.name) return overruled(phase.version, stage);
    if (refusal !== undefined)
      return { what: 'refused', because: `the server refuses ${phase.version}: ${refusal}` };
    const trial = this.#world.trialEnd();
    if (trial === undefined || trial.version !== phase.version || trial.stage !== phase.name)
      return undefined;
    const { kind, because } = trial;
    if (phase.name === 'canary') return { what: 'analyzed', kind, because };
    const state = { pass: 'better', fail: 'worse', inconclusive: 'equal' } as const;
    return { what: 'compared', state: state[kind], because };
  }

  async #step(state: RetrainState, news: AttemptNews, now: string): Promise<void> {
    const step = nextStep(state, news, now);
    if (step.state === state) {
      if (news.what === 'compared') this.#world.tryAgain();
      return;
    }
    this.#unfinished = true;
    await this.#world.write(step.state);
    const { phase, attempts } = step.state;
    const where = phase.name === 'idle' ? (attempts.at(-1)?.outcome ?? 'idle') : phase.name;
    this.#world.say(`retrain: ${where}, ${step.because}`);
    await this.#carryOut(step.state, now);
  }

  async #carryOut(state: RetrainState, now: string): Promise<void> {
    for (const action of actionsOf(state)) {
      if (action.do === 'train') {
        this.#train(action.dataThrough, state);
        continue;
      }
      const refused = await this.#stage(action, now);
      if (refused === undefined) continue;
      this.#world.say(`retrain: ${refused.because}`);
      if (nextStep(state, refused, now).state !== state) return this.#step(state, refused, now);
    }
    const settled = settle(state);
    if (state.phase.name === 'idle' && state.attempts.length > 0) await this.#world.write(settled);
    this.#unfinished = false;
  }

  async #stage(action: StageAction, now: string): Promise<(AttemptNews & { what: 'refused' }) | undefined> {
    const { version, to } = action;
    const { stage, by } = await this.#world.standing(version);
    // Out of the canary by itself after a trial without an answer; a person's canary is none of its own.
    if (to === 'shadow' && stage === 'canary' && by !== 'retrain') return overruled(version, stage);
    if (!STAGES_BEFORE[to].includes(stage ?? 'archived')) return overruled(version, stage);
    const refusal = await this.#world.stage(action, now);
    if (refusal === undefined) return undefined;
    return { what: 'refused', because: `the registry refuses to make ${version} ${to}: ${refusal}` };
  }

  #train(dataThrough: string, { phase }: RetrainState): void {
    if (phase.name !== 'training' || this.#training?.since === phase.since) return;
    const training: Training = { since: phase.since };
    this.#training = training;
    const failed = (error: unknown): TrainedNews => ({
      what: 'trained',
      state: 'refused',
      because: `training failed: ${error instanceof Error ? error.message : String(error)}`,
    });
    void this.#world.train(dataThrough).then(
      (ended) => void (training.ended = ended),
      (error: unknown) => void (training.ended = failed(error)),
    );
  }
}

function overruled(version: string, stage: ModelStage | undefined): AttemptNews & { what: 'refused' } {
  const because = `somebody has decided otherwise: ${version} is ${stage ?? 'in no stage'}`;
  return { what: 'refused', because, decided: true };
}

const DAY_MS = 86_400_000;
const TEN_HOURS_MS = 36_000_000;

/** The last local day that is over everywhere: at 10:00 UTC it is midnight in Honolulu. */
function dayBefore(now: string): string {
  return new Date(Date.parse(now) - TEN_HOURS_MS - DAY_MS).toISOString().slice(0, 10);
}
