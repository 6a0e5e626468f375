/**
 * Retrain runner: carries one attempt at a time through, unattended, and goes on after a crash where it was.
 *
 * in:  ticks; RunnerWorld (the state file, the monitor, the training, the registry, the trial of the challenger)
 * out: the world as the state says, and a sentence for every step
 *
 * Rule: state first, actions second. What was under way when the process was killed is carried out again at the first tick: training is
 * cached and gives the same version, and a stage that is reached already stays. Ticks never overlap.
 *
 * When it misleads: in shadow the trial says whether the challenger is as good as the champion where labels have come in; that it is better
 * was shown before, on the days that examined both.
 */
import { decideRetraining } from '../retrain.js';
import type { RetrainDecision, RetrainSituation } from '../retrain.js';
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

export interface RunnerWorld {
  read(): Promise<RetrainState>;
  write(state: RetrainState): Promise<void>;
  /** Undefined while no model serves, or nothing has been judged. */
  situation(): Omit<RetrainSituation, 'state' | 'request'> | undefined;
  /** Resolves when the training has ended; the runner does not wait for it. */
  train(dataThrough: string): Promise<AttemptNews & { what: 'trained' }>;
  /** Answers why the registry refuses, or nothing. */
  stage(action: AttemptAction & { do: 'stage' }, at: string): Promise<string | undefined>;
  trialEnd(): TrialEnd | undefined;
  say(sentence: string): void;
}

export class RetrainRunner {
  readonly #world: RunnerWorld;
  #training: { ended?: AttemptNews & { what: 'trained' } } | undefined;
  #resumed = false;
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
      return (this.#decision = await this.#look(request));
    } finally {
      this.#busy = false;
    }
  }

  async #look(request: RetrainSituation['request']): Promise<RetrainDecision> {
    const world = this.#world;
    const state = await world.read();
    const situation = world.situation();
    if (situation === undefined) return { state: 'wait', because: 'no model is being watched yet' };
    const { now } = situation;
    if (!this.#resumed) {
      this.#resumed = true;
      await this.#carryOut(state, now);
    }
    const news = this.#newsOf(state);
    if (news !== undefined) await this.#step(state, news, now);
    const decision = decideRetraining({ ...situation, state, ...(request === undefined ? {} : { request }) });
    if (decision.state === 'retrain' && news === undefined) {
      const { trigger, because } = decision;
      await this.#step(state, { what: 'started', trigger, because, dataThrough: dayBefore(now) }, now);
    }
    return decision;
  }

  #newsOf({ phase }: RetrainState): AttemptNews | undefined {
    if (phase.name === 'training') {
      const { ended } = this.#training ?? {};
      if (ended !== undefined) this.#training = undefined;
      return ended;
    }
    if (phase.name === 'idle') return undefined;
    const trial = this.#world.trialEnd();
    if (trial === undefined || trial.version !== phase.version || trial.stage !== phase.name)
      return undefined;
    const { kind, because } = trial;
    if (phase.name === 'shadow') {
      const state = { pass: 'better', fail: 'worse', inconclusive: 'equal' } as const;
      return { what: 'compared', state: state[kind], because };
    }
    return { what: 'analyzed', kind, because };
  }

  async #step(state: RetrainState, news: AttemptNews, now: string): Promise<void> {
    const step = nextStep(state, news, now);
    if (step.state === state) return;
    await this.#world.write(step.state);
    const { phase, attempts } = step.state;
    const where = phase.name === 'idle' ? (attempts.at(-1)?.outcome ?? 'idle') : phase.name;
    this.#world.say(`retrain: ${where}, ${step.because}`);
    await this.#carryOut(step.state, now);
  }

  async #carryOut(state: RetrainState, now: string): Promise<void> {
    for (const action of actionsOf(state)) {
      if (action.do === 'train') {
        this.#train(action.dataThrough);
        continue;
      }
      const refusal = await this.#world.stage(action, now);
      if (refusal === undefined) continue;
      const because = `the registry refuses to make ${action.version} ${action.to}: ${refusal}`;
      this.#world.say(`retrain: ${because}`);
      if (state.phase.name !== 'idle') return this.#step(state, { what: 'refused', because }, now);
    }
    const settled = settle(state);
    if (state.phase.name === 'idle' && state.attempts.length > 0) await this.#world.write(settled);
  }

  #train(dataThrough: string): void {
    const training: { ended?: AttemptNews & { what: 'trained' } } = {};
    this.#training = training;
    const failed = (error: unknown): AttemptNews & { what: 'trained' } => ({
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

const DAY_MS = 86_400_000;
const TEN_HOURS_MS = 36_000_000;

/** The last local day that is over everywhere: at 10:00 UTC it is midnight in Honolulu. */
function dayBefore(now: string): string {
  return new Date(Date.parse(now) - TEN_HOURS_MS - DAY_MS).toISOString().slice(0, 10);
}
