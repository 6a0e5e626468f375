/** `mlops retrain`: a challenger by hand. What its words mean stands in commands/retrain.ts. */
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { withLock } from 'service-chassis/lock-file';
import { UsageError } from '../../command-line.js';
import type { Plan } from '../../plan.js';
import { stageLine } from '../../report/run-lines.js';
import { readStages, StageRefused, transition } from '../../registry/changes/store.js';
import { productionVersion } from '../../registry/store.js';
import { actionsOf, settle } from '../../retrain/actions.js';
import { nextStep } from '../../retrain/attempt.js';
import type { AttemptNews } from '../../retrain/attempt.js';
import { challengerPlan } from '../../retrain/challenger-plan.js';
import type { Standing } from '../../retrain/runner-world.js';
import type { Phase, RetrainState } from '../../retrain/state.js';
import { readRetrainState, RETRAIN_LOCK, writeRetrainState } from '../../retrain/store.js';
import { takenOver, takeOver } from '../../retrain/take-over.js';
import { trainChallenger } from '../../retrain/train/store.js';
import type { TrainedNews } from '../../retrain/train/store.js';
import { userName } from '../user-name/store.js';
import { readRetrainWish } from '../retrain.js';
import type { RetrainWish } from '../retrain.js';

/** Answers the exit code. */
export async function retrain(args: readonly string[]): Promise<number> {
  const wish = readRetrainWish(args, process.env);
  return wish.trainOnly ? trainOnly(wish) : byHand(wish);
}

/** The last line is for a program: what came of it. */
async function trainOnly(wish: RetrainWish): Promise<number> {
  console.log(JSON.stringify(await trained(wish, planOf(wish), process.stderr)));
  return 0;
}

async function byHand(wish: RetrainWish): Promise<number> {
  const by = wish.by ?? `person:${userName()}`;
  // Before anything is written: a day that nothing can be learned from is no attempt.
  planOf(wish);
  const training = await exclusively(wish, async () => begin(wish, by));
  if (training === undefined) return 1;
  const news = await trainedOrRefused({
    ...wish,
    through: training.attempts.at(-1)?.dataThrough ?? wish.through,
  });
  await exclusively(wish, async () => finish(wish, by, training, news));
  const what = news.state === 'registered' ? `${news.version} is in shadow` : 'discarded';
  console.log(`${what}: ${news.because}`);
  return news.state === 'registered' ? 0 : 1;
}

/** An attempt whose training throws has ended as well. */
async function trainedOrRefused(wish: RetrainWish): Promise<TrainedNews> {
  try {
    return await trained(wish, planOf(wish), process.stdout);
  } catch (error) {
    const because = `training failed: ${error instanceof Error ? error.message : String(error)}`;
    return { what: 'trained', state: 'refused', because };
  }
}

/** The state with an attempt in training: a new one, or one for the same day whose process was killed. */
async function begin(wish: RetrainWish, by: string): Promise<RetrainState | undefined> {
  const { modelsDir, at, through, because } = wish;
  const found = await readRetrainState(modelsDir);
  if (found.phase.name === 'training') return goOn(found, through);
  const before = await afterOthers(wish, by, found);
  const { phase } = before;
  if (phase.name === 'shadow' || phase.name === 'canary') {
    const end = `npx mlops stage ${phase.version} archived`;
    refuse(`an attempt is under way (${phase.name}): \`npx mlops serve\` carries it on, \`${end}\` ends it`);
    return undefined;
  }
  if ((await productionVersion(modelsDir)) === undefined) {
    refuse('nothing is in production that a challenger could be compared with: run `npx mlops run` first');
    return undefined;
  }
  const asked = `${by} asked: ${because}`;
  const started: AttemptNews = { what: 'started', trigger: 'by hand', because: asked, dataThrough: through };
  const { state } = nextStep(before, started, at);
  await writeRetrainState(modelsDir, state);
  return state;
}

/** Somebody else's day is not taught in their name. */
function goOn(found: RetrainState, through: string): RetrainState | undefined {
  const attempt = found.attempts.at(-1);
  const first = attempt?.dataThrough ?? through;
  if (first === through) {
    console.log(`goes on with the attempt of ${attempt?.startedAt} (${attempt?.because})`);
    return found;
  }
  const remedy = `\`npx mlops retrain --through ${first}\` finishes it if its process was killed`;
  refuse(`an attempt is under way (training, through ${first}; ${attempt?.because}): ${remedy}`);
  return undefined;
}

/** What the registry says about the challenger: a killed process's last step is made good; what somebody has decided ends the attempt. */
async function afterOthers(wish: RetrainWish, by: string, found: RetrainState): Promise<RetrainState> {
  const { phase, stood } = found;
  if (phase.name !== 'shadow' && phase.name !== 'canary') return found;
  const { modelsDir, at } = wish;
  const standing: Standing = (await readStages(modelsDir)).find(
    ({ version }) => version === phase.version,
  ) ?? { stage: undefined };
  if (standing.stage === phase.name) return found;
  if (isLeftUndone(phase, standing, stood)) {
    await carryOut(wish, by, found);
    return readRetrainState(modelsDir);
  }
  const news = takeOver(phase.version, standing);
  const { state } = nextStep(found, news, at);
  await writeRetrainState(modelsDir, state);
  console.log(`the attempt of ${found.attempts.at(-1)?.startedAt} has been taken over, ${news.because}`);
  return state;
}

/** A server that runs meanwhile may have taken the same step: training gives the same version wherever it runs. */
async function finish(
  { modelsDir, at }: RetrainWish,
  by: string,
  training: RetrainState,
  news: TrainedNews,
): Promise<void> {
  const now = await readRetrainState(modelsDir);
  if (!isDeepStrictEqual(now.phase, training.phase)) return;
  const { state } = nextStep(now, news, at);
  await writeRetrainState(modelsDir, state);
  await carryOut({ modelsDir, at }, by, state);
}

/** A process was killed after it had written the state: the challenger stands where it stood, and nobody has moved it since. */
function isLeftUndone(
  { name, version }: Phase & { name: 'shadow' | 'canary' },
  standing: Standing,
  stood: RetrainState['stood'],
): boolean {
  if (stood?.version === version) return takenOver({ version, to: name }, standing, stood) === undefined;
  return name === 'shadow' && standing.stage === 'candidate' && standing.by === 'pipeline';
}

function refuse(because: string): void {
  console.error(`mlops: ${because}`);
}

/** The state has been written; now the registry follows. Done again, it changes nothing. */
async function carryOut(
  { modelsDir, at }: Pick<RetrainWish, 'modelsDir' | 'at'>,
  by: string,
  state: RetrainState,
): Promise<void> {
  for (const action of actionsOf(state)) {
    if (action.do !== 'stage') continue;
    const { version, to, because } = action;
    try {
      await transition(modelsDir, { version, to, by, because, at });
    } catch (error) {
      if (!(error instanceof StageRefused)) throw error;
      const refused = nextStep(
        state,
        { what: 'refused', because: error.message, decidedBy: 'the registry' },
        at,
      );
      await writeRetrainState(modelsDir, refused.state);
      throw error;
    }
  }
  await writeRetrainState(modelsDir, settle(state));
}

async function exclusively<Result>({ modelsDir }: RetrainWish, work: () => Promise<Result>): Promise<Result> {
  return withLock(join(modelsDir, RETRAIN_LOCK), work);
}

/** @throws UsageError */
function planOf({ through, plan }: Pick<RetrainWish, 'through' | 'plan'>): Plan {
  try {
    return challengerPlan(through, plan);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new UsageError(`--through ${through}: ${error.message}`);
  }
}

async function trained(
  { modelsDir, at }: RetrainWish,
  plan: Plan,
  say: NodeJS.WriteStream,
): Promise<TrainedNews> {
  return trainChallenger({
    modelsDir,
    plan,
    at,
    onChange: (change) => {
      if (change.state !== 'running') say.write(`${stageLine(change)}\n`);
    },
  });
}
