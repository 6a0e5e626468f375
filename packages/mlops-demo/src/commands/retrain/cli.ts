/** `mlops retrain`: a challenger by hand. What its words mean stands in commands/retrain.ts. */
import { userInfo } from 'node:os';
import { stageLine } from '../../report/run-lines.js';
import { transition } from '../../registry/store.js';
import { nextStep } from '../../retrain/attempt.js';
import type { AttemptNews } from '../../retrain/attempt.js';
import { challengerPlan } from '../../retrain/challenger-plan.js';
import type { RetrainState } from '../../retrain/state.js';
import { readRetrainState, writeRetrainState } from '../../retrain/store.js';
import { trainChallenger } from '../../retrain/train/store.js';
import { UsageError } from '../../usage.js';
import { readRetrainWish, RETRAIN_USAGE } from '../retrain.js';
import type { RetrainWish } from '../retrain.js';

/** Answers the exit code. */
export async function retrain(args: readonly string[]): Promise<number> {
  try {
    const wish = readRetrainWish(args, process.env);
    if (wish === undefined) {
      console.log(RETRAIN_USAGE.trimEnd());
      return 0;
    }
    return wish.trainOnly ? await trainOnly(wish) : await byHand(wish);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    console.error(`mlops: ${error.message}\n\n${RETRAIN_USAGE}`);
    return 2;
  }
}

/** The last line is for a program: what came of it. */
async function trainOnly(wish: RetrainWish): Promise<number> {
  console.log(JSON.stringify(await trained(wish, process.stderr)));
  return 0;
}

async function byHand(wish: RetrainWish): Promise<number> {
  const { modelsDir, at } = wish;
  const by = wish.by ?? `person:${userInfo().username}`;
  const training = await begin(wish, by);
  if (training === undefined) return 1;
  const news = await trained(
    { ...wish, through: training.attempts.at(-1)?.dataThrough ?? wish.through },
    process.stdout,
  );
  const { state, actions } = nextStep(training, news, at);
  await writeRetrainState(modelsDir, state);
  for (const action of actions) {
    if (action.do !== 'stage') continue;
    const { version, to, because } = action;
    await transition(modelsDir, { version, to, by, because, at });
  }
  const what = news.state === 'registered' ? `${news.version} is in shadow` : 'discarded';
  console.log(`${what}: ${news.because}`);
  return news.state === 'registered' ? 0 : 1;
}

/** The state with an attempt in training: a new one, or one whose process was killed. */
async function begin(
  { modelsDir, at, through, because }: RetrainWish,
  by: string,
): Promise<RetrainState | undefined> {
  const before = await readRetrainState(modelsDir);
  if (before.phase.name === 'training') {
    console.log(`goes on with the attempt of ${before.phase.since}`);
    return before;
  }
  if (before.phase.name !== 'idle') {
    console.error(`mlops: an attempt is under way (${before.phase.name})`);
    return undefined;
  }
  const asked = `${by} asked: ${because}`;
  const started: AttemptNews = { what: 'started', trigger: 'by hand', because: asked, dataThrough: through };
  const { state } = nextStep(before, started, at);
  await writeRetrainState(modelsDir, state);
  return state;
}

async function trained({ modelsDir, through, at, plan }: RetrainWish, say: NodeJS.WriteStream) {
  return trainChallenger({
    modelsDir,
    plan: challengerPlan(through, plan),
    at,
    onChange: (change) => {
      if (change.state !== 'running') say.write(`${stageLine(change)}\n`);
    },
  });
}
