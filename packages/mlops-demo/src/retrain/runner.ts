/**
 * Retrain runner: carries one attempt at a time through, unattended, and goes on after a crash where it was.
 *
 * in:  ticks; RunnerWorld (the state file, the monitor, the training, the registry, the trial of the challenger)
 * out: the world as the state says, and a sentence for every step
 *
 * Rule: state first, actions second. What was not carried out (the process was killed, the disk was full) is carried out again at the next
 * tick: training is cached and gives the same version, and a stage that is reached already stays. Where the registry says another stage
 * than the attempt has given, somebody has decided: the attempt ends and the stage is left alone (take-over.ts). Ticks never overlap.
 *
 * When it misleads: in shadow the trial says whether the challenger is as good as the champion where labels have come in; that it is better
 * was shown before, on the days that examined both.
 */
import { decideRetraining } from '../retrain.js';
import type { RetrainDecision, RetrainSituation } from '../retrain.js';
import { actionsOf, settle } from './actions.js';
import { nextStep } from './attempt.js';
import type { AttemptNews } from './attempt.js';
import { BackgroundTraining } from './background-training.js';
import type { RunnerWorld, StageAction } from './runner-world.js';
import type { RetrainState } from './state.js';
import { takenOver, takeOver } from './take-over.js';
import { newsOfTrial } from './trial-news.js';

export class RetrainRunner {
  readonly #world: RunnerWorld;
  readonly #training: BackgroundTraining;
  /** The state has been written, its actions have not been carried out, as far as this process knows. */
  #unfinished = true;
  #busy = false;
  #decision: RetrainDecision = { state: 'wait', because: 'nothing has been looked at yet' };

  constructor(world: RunnerWorld) {
    this.#world = world;
    this.#training = new BackgroundTraining(async (dataThrough) => world.train(dataThrough));
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
    if (state.phase.name === 'training' && !this.#training.isOf(state.phase.since))
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
    if (phase.name === 'training') return this.#training.takeEnd();
    const standing = await this.#world.standing(phase.version);
    if (standing.stage !== phase.name) return takeOver(phase.version, standing);
    if (standing.refusal !== undefined)
      return { what: 'refused', because: `the server refuses ${phase.version}: ${standing.refusal}` };
    const trial = this.#world.trialEnd();
    const isItsOwn = trial?.version === phase.version && trial.stage === phase.name;
    return trial === undefined || !isItsOwn ? undefined : newsOfTrial(phase.name, trial);
  }

  async #step(before: RetrainState, news: AttemptNews, now: string): Promise<void> {
    const step = nextStep(before, news, now);
    if (step.state === before) {
      if (news.what === 'compared') this.#world.tryAgain();
      return;
    }
    const state = { ...step.state, ...(await this.#stoodNow(step.state)) };
    this.#unfinished = true;
    await this.#world.write(state);
    const { phase, attempts } = state;
    const where = phase.name === 'idle' ? (attempts.at(-1)?.outcome ?? 'idle') : phase.name;
    this.#world.say(`retrain: ${where}, ${step.because}`);
    await this.#carryOut(state, now);
  }

  /** Told to whoever carries the step out, if this process does not come to it. */
  async #stoodNow(state: RetrainState): Promise<Pick<RetrainState, 'stood'>> {
    const version = state.attempts.at(-1)?.version;
    if (version === undefined) return {};
    const { stage, by, since } = await this.#world.standing(version);
    if (stage === undefined || by === undefined || since === undefined) return {};
    return { stood: { version, stage, by, since } };
  }

  async #carryOut(state: RetrainState, now: string): Promise<void> {
    for (const action of actionsOf(state)) {
      if (action.do === 'train') {
        if (state.phase.name === 'training') this.#training.begin(state.phase.since, action.dataThrough);
        continue;
      }
      const refused = await this.#stage(action, state, now);
      if (refused === undefined) continue;
      this.#world.say(`retrain: ${refused.because}`);
      if (nextStep(state, refused, now).state !== state) return this.#step(state, refused, now);
    }
    const settled = settle(state);
    if (state.phase.name === 'idle' && state.attempts.length > 0) await this.#world.write(settled);
    this.#unfinished = false;
  }

  async #stage(
    action: StageAction,
    { stood }: RetrainState,
    now: string,
  ): Promise<(AttemptNews & { what: 'refused' }) | undefined> {
    const { version, to } = action;
    const standing = await this.#world.standing(version);
    const taken = takenOver(action, standing, stood);
    if (taken !== undefined || standing.stage === to) return taken;
    const refusal = await this.#world.stage(action, now);
    if (refusal === undefined) return undefined;
    const { because: why, decidedBy } = refusal;
    const because = `the registry refuses to make ${version} ${to}: ${why}`;
    return { what: 'refused', because, ...(decidedBy !== undefined && { decidedBy, about: 'production' }) };
  }
}

const DAY_MS = 86_400_000;
const TEN_HOURS_MS = 36_000_000;

/** The last local day that is over everywhere: at 10:00 UTC it is midnight in Honolulu. */
function dayBefore(now: string): string {
  return new Date(Date.parse(now) - TEN_HOURS_MS - DAY_MS).toISOString().slice(0, 10);
}
